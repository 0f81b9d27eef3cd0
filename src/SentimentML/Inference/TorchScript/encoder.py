# An encoder for classification as one TorchScript call for a batch. On a CPU without padding: the tokens of all rows stand one
# after the other, rows of one length side by side, so that the matrices see tokens only and attention runs over whole groups
# without a mask. On a GPU the rows are one group, filled up to the longest, with a mask. Either BERT's layers (Devlin et al.,
# 2018, arXiv:1810.04805; transformers, models/bert/modeling_bert.py), whose norms follow their parts, or ModernBERT's (Warner
# et al., 2024, arXiv:2412.13663; models/modernbert/modular_modernbert.py), whose norms precede them. The linear layers (linear,
# linear_add, feed_forward, activate) and the products of the attention (attend, attend_within) are in the file that is put
# below this one.
class Encoder(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  heads : int
  epsilon : float
  activation : str
  head_activation : str
  pre_norm : bool
  mean : bool
  calibrating : bool
  embeddings : List[Tensor]
  final_norm : List[Tensor]
  qkv : List[List[Tensor]]
  attention_output : List[List[Tensor]]
  attention_norm : List[List[Tensor]]
  intermediate : List[List[Tensor]]
  output : List[List[Tensor]]
  output_norm : List[List[Tensor]]
  rotary : List[List[Tensor]]
  windows : List[int]
  last_query : List[Tensor]
  head : List[Tensor]
  head_norm : List[Tensor]

  # The positions and token types, each empty if there are none, are tables; mean: all tokens are pooled, not the first alone.
  def configure(self: __torch__.Encoder, heads: int, epsilon: float, pre_norm: bool, mean: bool, embeddings: List[Tensor], final_norm: List[Tensor], head: List[Tensor], head_norm: List[Tensor]) -> int:
    self.heads = heads
    self.epsilon = epsilon
    self.pre_norm = pre_norm
    self.mean = mean
    self.embeddings = embeddings
    self.final_norm = final_norm
    self.head = head
    self.head_norm = head_norm
    return heads

  # rotary: cosines and sines, or nothing; window: how many tokens to each side a token sees, 0 for all.
  def add_layer(self: __torch__.Encoder, qkv: List[Tensor], attention_output: List[Tensor], attention_norm: List[Tensor], intermediate: List[Tensor], output: List[Tensor], output_norm: List[Tensor], rotary: List[Tensor], window: int) -> int:
    self.qkv.append(qkv)
    self.attention_output.append(attention_output)
    self.attention_norm.append(attention_norm)
    self.intermediate.append(intermediate)
    self.output.append(output)
    self.output_norm.append(output_norm)
    self.rotary.append(rotary)
    self.windows.append(window)
    return len(self.qkv)

  # If only the first token is pooled, the last layer's query stands alone, because only that token asks there; its qkv holds
  # keys and values.
  def set_last_query(self: __torch__.Encoder, query: List[Tensor]) -> int:
    self.last_query = query
    return len(query)

  # While calibrating, layers that need the range of their input widen it to what they see.
  def calibrate(self: __torch__.Encoder, calibrating: bool) -> bool:
    self.calibrating = calibrating
    return calibrating

  # ids, positions: [tokens]; types: the same, or empty if all are 0; starts: [rows], where each row's first token stands;
  # groups: [groups, 2], rows and their length; mask: [rows, 1, 1, length], false at the padding of a single group, or empty if
  # nothing is padded. Returns [rows, labels].
  def forward(self: __torch__.Encoder, ids: Tensor, positions: Tensor, types: Tensor, starts: Tensor, groups: Tensor, mask: Tensor) -> Tensor:
    sizes = annotate(List[List[int]], groups.tolist())
    x = self.embed(ids, positions, types)  # [tokens, hidden]
    last = torch.sub(len(self.qkv), 1)
    for i in range(last):
      x = self.layer(x, sizes, mask, i)
    if self.mean:
      return self.answer(self.layer(x, sizes, mask, last), groups, mask)
    else:
      return self.answer(self.layer_of_first(x, torch.index_select(x, 0, starts), sizes, mask, last), groups, mask)

  # x: what the last layer gives for all tokens if their mean is pooled, otherwise for each row's first one. Returns [rows, labels].
  def answer(self: __torch__.Encoder, x: Tensor, groups: Tensor, mask: Tensor) -> Tensor:
    pooled = self.ended(x)
    if self.mean:
      pooled = self.mean_of_rows(pooled, annotate(List[List[int]], groups.tolist()), mask)
    return self.classify(torch.to(pooled, 6))

  # With asked_by and rest_of_layer, what is around an attention that the engine computes itself. x: [tokens, hidden], what is
  # attended to. Returns queries, keys and values: [tokens, 3 hidden]; [tokens, 2 hidden] without the queries.
  def asked(self: __torch__.Encoder, x: Tensor, i: int) -> Tensor:
    return self.linear(self.entered(x, i), self.qkv[i])

  # first: [rows, hidden], what asks in the last layer. Returns the same.
  def asked_by(self: __torch__.Encoder, first: Tensor, i: int) -> Tensor:
    return self.linear(self.entered(first, i), self.last_query)

  def embed(self: __torch__.Encoder, ids: Tensor, positions: Tensor, types: Tensor) -> Tensor:
    words, places, more, weight, bias = self.embeddings
    x = torch.embedding(words, ids)
    if torch.gt(torch.size(places, 0), 0):
      x = torch.add(x, torch.embedding(places, positions))
    if torch.gt(torch.size(types, 0), 0):
      x = torch.add(x, torch.embedding(more, types))
    return self.norm(x, [weight, bias])

  # x: [tokens, hidden]. Returns the same.
  def layer(self: __torch__.Encoder, x: Tensor, sizes: List[List[int]], mask: Tensor, i: int) -> Tensor:
    return self.rest_of_layer(self.attention(self.asked(x, i), sizes, mask, i), x, i)

  # x: [tokens, hidden], what is attended to; first: [rows, hidden], what asks. Returns [rows, hidden].
  def layer_of_first(self: __torch__.Encoder, x: Tensor, first: Tensor, sizes: List[List[int]], mask: Tensor, i: int) -> Tensor:
    return self.rest_of_layer(self.attention_of_first(self.asked_by(first, i), self.asked(x, i), sizes, mask, i), first, i)

  # The attention's input.
  def entered(self: __torch__.Encoder, x: Tensor, i: int) -> Tensor:
    if self.pre_norm:
      return self.norm_if_any(x, self.attention_norm[i])
    else:
      return x

  # What follows the attention: its output, the feed-forward network, and the two residuals with their norms.
  def rest_of_layer(self: __torch__.Encoder, context: Tensor, residual: Tensor, i: int) -> Tensor:
    if self.pre_norm:
      y = self.linear_add(context, self.attention_output[i], residual)
      inner, gate = torch.chunk(self.linear(self.norm(y, self.output_norm[i]), self.intermediate[i]), 2, -1)
      return self.linear_add(torch.mul(self.activate(inner), gate), self.output[i], y)
    else:
      x = self.norm(self.linear_add(context, self.attention_output[i], residual), self.attention_norm[i])
      return self.norm(self.feed_forward(x, self.intermediate[i], self.output[i]), self.output_norm[i])

  # What follows the last layer.
  def ended(self: __torch__.Encoder, x: Tensor) -> Tensor:
    return self.norm_if_any(x, self.final_norm)

  # pooled: [rows, hidden] in float32. Returns [rows, labels].
  def classify(self: __torch__.Encoder, pooled: Tensor) -> Tensor:
    dense, dense_bias, projection, projection_bias = self.head
    x = self.norm_if_any(self.activate_head(torch.linear(pooled, dense, dense_bias)), self.head_norm)
    return torch.linear(x, projection, projection_bias)

  def activate_head(self: __torch__.Encoder, x: Tensor) -> Tensor:
    if torch.eq(self.head_activation, "Tanh"):
      return torch.tanh(x)
    else:
      if torch.eq(self.head_activation, "Relu"):
        return torch.relu(x)
      else:
        if torch.eq(self.head_activation, "GeluTanh"):
          return torch.gelu(x, approximate="tanh")
        else:
          return torch.gelu(x)

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

  def norm_if_any(self: __torch__.Encoder, x: Tensor, weights: List[Tensor]) -> Tensor:
    if torch.eq(len(weights), 0):
      return x
    else:
      return self.norm(x, weights)

  def norm(self: __torch__.Encoder, x: Tensor, weights: List[Tensor]) -> Tensor:
    weight, bias = weights
    return torch.layer_norm(x, [torch.size(weight, 0)], weight, bias, self.epsilon)

