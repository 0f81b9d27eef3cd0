  # Attention and means for rows of any lengths at once, by the fused kernels of GPUs: FlashAttention (Dao, 2023,
  # arXiv:2307.08691), or the memory-efficient attention of xFormers in float32, which the former does not know. mask: [rows + 1]
  # int32, where each row begins and the last one ends; sizes: one group, how many rows there are and the longest one's length.

  # qkv: [tokens, 3 hidden]. Returns [tokens, hidden].
  def attention(self: __torch__.Encoder, qkv: Tensor, sizes: List[List[int]], mask: Tensor, i: int) -> Tensor:
    rows, longest = sizes[0]
    q, k, v = torch.unbind(torch.view(qkv, [torch.size(qkv, 0), 3, self.heads, -1]), 1)
    return self.attend_packed(q, k, v, mask, mask, longest, longest)

  # q: [rows, hidden]; kv: [tokens, 2 hidden]. Returns [rows, hidden].
  def attention_of_first(self: __torch__.Encoder, q: Tensor, kv: Tensor, sizes: List[List[int]], mask: Tensor, i: int) -> Tensor:
    rows, longest = sizes[0]
    query = torch.view(q, [rows, self.heads, -1])
    k, v = torch.unbind(torch.view(kv, [torch.size(kv, 0), 2, self.heads, -1]), 1)
    each = torch.sub(torch.cumsum(torch.ones_like(mask), 0, dtype=3), 1)
    return self.attend_packed(query, k, v, each, mask, 1, longest)

  # q, k, v: [tokens, heads, head size], the queries scaled; q_starts, k_starts: as mask. Returns [tokens of q, hidden].
  def attend_packed(self: __torch__.Encoder, q: Tensor, k: Tensor, v: Tensor, q_starts: Tensor, k_starts: Tensor, q_longest: int, k_longest: int) -> Tensor:
    if torch.eq(ops.prim.dtype(q), 6):
      context, sums, seed, offset, _0, _1 = torch._efficient_attention_forward(torch.unsqueeze(q, 0), torch.unsqueeze(k, 0), torch.unsqueeze(v, 0), None, q_starts, k_starts, q_longest, k_longest, 0., 0, False, scale=1.)
    else:
      context, sums, seed, offset, debug = torch._flash_attention_forward(q, k, v, q_starts, k_starts, q_longest, k_longest, 0., False, False, scale=1.)
    return torch.reshape(context, [torch.size(q, 0), -1])

  # x: [tokens, hidden]. Returns [rows, hidden].
  def mean_of_rows(self: __torch__.Encoder, x: Tensor, sizes: List[List[int]], mask: Tensor) -> Tensor:
    rows, longest = sizes[0]
    lengths = torch.to(torch.sub(torch.narrow(mask, 0, 1, rows), torch.narrow(mask, 0, 0, rows)), 4)
    return torch.segment_reduce(torch.to(x, 6), "mean", lengths=lengths, unsafe=True)

