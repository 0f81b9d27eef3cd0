# A BERT-like encoder for classification (Devlin et al., 2018, arXiv:1810.04805) as one TorchScript call for a batch, without
# padding: the tokens of all rows stand one after the other, rows of one length side by side, so that the matrices see tokens
# only and attention runs over whole groups without a mask. Follows transformers' models/bert/modeling_bert.py.
# The linear layers (linear, linear_add, feed_forward) and the products of the attention (attend) are in the file that is
# put below this one.
class Encoder(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  heads : int
  epsilon : float
  activation : str
  head_activation : str
  calibrating : bool
  embeddings : List[Tensor]
  qkv : List[List[Tensor]]
  attention_output : List[List[Tensor]]
  attention_norm : List[List[Tensor]]
  intermediate : List[List[Tensor]]
  output : List[List[Tensor]]
  output_norm : List[List[Tensor]]
  last_query : List[Tensor]
  head : List[Tensor]

  # Lets go of all weights.
  def release(self: __torch__.Encoder) -> int:
    self.embeddings = annotate(List[Tensor], [])
    self.qkv = annotate(List[List[Tensor]], [])
    self.attention_output = annotate(List[List[Tensor]], [])
    self.attention_norm = annotate(List[List[Tensor]], [])
    self.intermediate = annotate(List[List[Tensor]], [])
    self.output = annotate(List[List[Tensor]], [])
    self.output_norm = annotate(List[List[Tensor]], [])
    self.last_query = annotate(List[Tensor], [])
    self.head = annotate(List[Tensor], [])
    return 0

  def configure(self: __torch__.Encoder, heads: int, epsilon: float, embeddings: List[Tensor], head: List[Tensor]) -> int:
    self.heads = heads
    self.epsilon = epsilon
    self.embeddings = embeddings
    self.head = head
    return heads

  def add_layer(self: __torch__.Encoder, qkv: List[Tensor], attention_output: List[Tensor], attention_norm: List[Tensor], intermediate: List[Tensor], output: List[Tensor], output_norm: List[Tensor]) -> int:
    self.qkv.append(qkv)
    self.attention_output.append(attention_output)
    self.attention_norm.append(attention_norm)
    self.intermediate.append(intermediate)
    self.output.append(output)
    self.output_norm.append(output_norm)
    return len(self.qkv)

  # The last layer's query stands alone, because only the first token asks there; its qkv holds keys and values.
  def set_last_query(self: __torch__.Encoder, query: List[Tensor]) -> int:
    self.last_query = query
    return len(query)

  # While calibrating, layers that need the range of their input widen it to what they see.
  def calibrate(self: __torch__.Encoder, calibrating: bool) -> bool:
    self.calibrating = calibrating
    return calibrating

  # ids, positions: [tokens]; types: the same, or empty if all are 0; starts: [rows], where each row's first token stands;
  # groups: [groups, 2], rows and their length. Returns [rows, labels].
  def forward(self: __torch__.Encoder, ids: Tensor, positions: Tensor, types: Tensor, starts: Tensor, groups: Tensor) -> Tensor:
    sizes = annotate(List[List[int]], groups.tolist())
    words, places, more, weight, bias = self.embeddings
    x = torch.add(torch.embedding(words, ids), torch.embedding(places, positions))
    if torch.gt(torch.size(types, 0), 0):
      x = torch.add(x, torch.embedding(more, types))
    x = self.norm(x, [weight, bias])  # [tokens, hidden]
    last = torch.sub(len(self.qkv), 1)
    for i in range(last):
      context = self.attention(self.linear(x, self.qkv[i]), sizes)
      x = self.rest_of_layer(context, x, i)
    first = torch.index_select(x, 0, starts)  # [rows, hidden]
    context = self.attention_of_first(self.linear(first, self.last_query), self.linear(x, self.qkv[last]), sizes)
    x = self.rest_of_layer(context, first, last)
    dense, dense_bias, projection, projection_bias = self.head
    return torch.linear(self.activated_head(torch.linear(torch.to(x, 6), dense, dense_bias)), projection, projection_bias)

  def activated_head(self: __torch__.Encoder, x: Tensor) -> Tensor:
    if torch.eq(self.head_activation, "tanh"):
      return torch.tanh(x)
    else:
      return torch.relu(x)

  # qkv: [tokens, 3 hidden]. Returns [tokens, hidden].
  def attention(self: __torch__.Encoder, qkv: Tensor, sizes: List[List[int]]) -> Tensor:
    contexts = annotate(List[Tensor], [])
    at = 0
    for size in sizes:
      rows, length = size
      tokens = torch.mul(rows, length)
      q, k, v = torch.unbind(torch.view(torch.narrow(qkv, 0, at, tokens), [rows, length, 3, self.heads, -1]).permute([2, 0, 3, 1, 4]))
      context = self.attend(q, k, v)  # [rows, heads, length, head size]
      contexts.append(torch.reshape(torch.transpose(context, 1, 2), [tokens, -1]))
      at = torch.add(at, tokens)
    return self.joined(contexts)

  # q: [rows, hidden]; kv: [tokens, 2 hidden]. Returns [rows, hidden].
  def attention_of_first(self: __torch__.Encoder, q: Tensor, kv: Tensor, sizes: List[List[int]]) -> Tensor:
    contexts = annotate(List[Tensor], [])
    at = 0
    row = 0
    for size in sizes:
      rows, length = size
      tokens = torch.mul(rows, length)
      query = torch.transpose(torch.view(torch.narrow(q, 0, row, rows), [rows, 1, self.heads, -1]), 1, 2)
      k, v = torch.unbind(torch.view(torch.narrow(kv, 0, at, tokens), [rows, length, 2, self.heads, -1]).permute([2, 0, 3, 1, 4]))
      context = self.attend(query, k, v)  # [rows, heads, 1, head size]
      contexts.append(torch.reshape(context, [rows, -1]))
      at = torch.add(at, tokens)
      row = torch.add(row, rows)
    return self.joined(contexts)

  def joined(self: __torch__.Encoder, parts: List[Tensor]) -> Tensor:
    if torch.eq(len(parts), 1):
      return parts[0]
    else:
      return torch.cat(parts)

  # What follows the attention: its output, the feed-forward network, and the two residuals with their norms.
  def rest_of_layer(self: __torch__.Encoder, context: Tensor, residual: Tensor, i: int) -> Tensor:
    x = self.norm(self.linear_add(context, self.attention_output[i], residual), self.attention_norm[i])
    return self.norm(self.feed_forward(x, self.intermediate[i], self.output[i]), self.output_norm[i])

  def norm(self: __torch__.Encoder, x: Tensor, weights: List[Tensor]) -> Tensor:
    weight, bias = weights
    return torch.layer_norm(x, [torch.size(weight, 0)], weight, bias, self.epsilon)

