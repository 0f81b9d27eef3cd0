  # Attention and means for each group of rows of one length. On a CPU rows of one length stand side by side, and nothing is
  # padded. Elsewhere the rows may be one group, filled up to the longest: mask is then [rows, 1, 1, length], false at the
  # padding, and empty if nothing is padded.

  # qkv: [tokens, 3 hidden]. Returns [tokens, hidden].
  def attention(self: __torch__.Encoder, qkv: Tensor, sizes: List[List[int]], mask: Tensor, i: int) -> Tensor:
    contexts = annotate(List[Tensor], [])
    at = 0
    window = self.windows[i]
    for size in sizes:
      rows, length = size
      tokens = torch.mul(rows, length)
      q, k, v = torch.unbind(torch.view(torch.narrow(qkv, 0, at, tokens), [rows, length, 3, self.heads, -1]).permute([2, 0, 3, 1, 4]))
      q = self.turned(q, length, i)
      k = self.turned(k, length, i)
      seen = self.seen(length, window, mask, q)
      if torch.gt(torch.size(seen, 0), 0):
        context = self.attend_within(q, k, v, seen)
      else:
        context = self.attend(q, k, v)  # [rows, heads, length, head size]
      contexts.append(torch.reshape(torch.transpose(context, 1, 2), [tokens, -1]))
      at = torch.add(at, tokens)
    return self.joined(contexts)

  # q: [rows, hidden]; kv: [tokens, 2 hidden]. Returns [rows, hidden].
  def attention_of_first(self: __torch__.Encoder, q: Tensor, kv: Tensor, sizes: List[List[int]], mask: Tensor, i: int) -> Tensor:
    contexts = annotate(List[Tensor], [])
    at = 0
    row = 0
    window = self.windows[i]
    for size in sizes:
      rows, length = size
      tokens = torch.mul(rows, length)
      query = torch.transpose(torch.view(torch.narrow(q, 0, row, rows), [rows, 1, self.heads, -1]), 1, 2)
      k, v = torch.unbind(torch.view(torch.narrow(kv, 0, at, tokens), [rows, length, 2, self.heads, -1]).permute([2, 0, 3, 1, 4]))
      k = self.turned(k, length, i)  # the first token's own angle is 0
      if torch.__and__(torch.gt(window, 0), torch.gt(length, torch.add(window, 1))):
        k = torch.narrow(k, 2, 0, torch.add(window, 1))
        v = torch.narrow(v, 2, 0, torch.add(window, 1))
      if torch.gt(torch.size(mask, 0), 0):
        context = self.attend_within(query, k, v, torch.narrow(mask, 3, 0, torch.size(k, 2)))
      else:
        context = self.attend(query, k, v)  # [rows, heads, 1, head size]
      contexts.append(torch.reshape(context, [rows, -1]))
      at = torch.add(at, tokens)
      row = torch.add(row, rows)
    return self.joined(contexts)

  # x: [rows, heads, length, head size]. Returns the same, each token turned by its position.
  def turned(self: __torch__.Encoder, x: Tensor, length: int, i: int) -> Tensor:
    if torch.eq(len(self.rotary[i]), 0):
      return x
    else:
      cosines, sines = self.rotary[i]
      a, b = torch.chunk(x, 2, -1)
      turned = torch.mul(torch.cat([torch.neg(b), a], -1), torch.narrow(sines, 0, 0, length))
      return torch.type_as(torch.add(torch.mul(x, torch.narrow(cosines, 0, 0, length)), turned), x)

  # Which tokens see each other, as [length, length] in a window, [rows, 1, 1, length] where rows are padded, and
  # [rows, 1, length, length] for both; empty if all do. A token of the padding sees itself: of nothing there is no softmax.
  def seen(self: __torch__.Encoder, length: int, window: int, mask: Tensor, like: Tensor) -> Tensor:
    if torch.__and__(torch.gt(window, 0), torch.gt(length, torch.add(window, 1))):
      at = torch.cumsum(torch.new_ones(like, [length]), 0, dtype=3)
      distance = torch.abs(torch.sub(torch.unsqueeze(at, 1), torch.unsqueeze(at, 0)))
      near = torch.le(distance, window)
      if torch.gt(torch.size(mask, 0), 0):
        return torch.logical_or(torch.logical_and(near, mask), torch.eq(distance, 0))
      else:
        return near
    else:
      return mask

  # x: [tokens, hidden]. Returns [rows, hidden].
  def mean_of_rows(self: __torch__.Encoder, x: Tensor, sizes: List[List[int]], mask: Tensor) -> Tensor:
    means = annotate(List[Tensor], [])
    at = 0
    for size in sizes:
      rows, length = size
      tokens = torch.mul(rows, length)
      row = torch.view(torch.to(torch.narrow(x, 0, at, tokens), 6), [rows, length, -1])
      if torch.gt(torch.size(mask, 0), 0):
        present = torch.to(torch.view(mask, [rows, length, 1]), 6)
        means.append(torch.div(torch.sum(torch.mul(row, present), [1]), torch.sum(present, [1])))
      else:
        means.append(torch.mean(row, [1]))
      at = torch.add(at, tokens)
    return self.joined(means)

  def joined(self: __torch__.Encoder, parts: List[Tensor]) -> Tensor:
    if torch.eq(len(parts), 1):
      return parts[0]
    else:
      return torch.cat(parts)
