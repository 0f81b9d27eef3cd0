# An encoder for classification as one TorchScript call for a batch, the tokens of all rows one after the other. Either BERT's layers (Devlin et al.,
# 2018, arXiv:1810.04805; transformers, models/bert/modeling_bert.py), whose norms follow their parts, or ModernBERT's (Warner
# et al., 2024, arXiv:2412.13663; models/modernbert/modular_modernbert.py), whose norms precede them. Put below this file are
# two others, a kind of attention (attention, attention_of_first) with its mean_of_rows, and a kind of linear layers (linear,
# linear_add, feed_forward) with the products of the attention (attend, attend_within); and the network's functions between
# matrices (activate; activate_own, which may overwrite what it is given; activate_head), which EncoderScript.cs writes.
# post_op and post_op_form are the first two as oneDNN computes it with the matrix before it; post_op is empty if it cannot.
class Encoder(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  heads : int
  epsilon : float
  post_op : str
  post_op_form : str
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
  # groups: [groups, 2], rows and their length; mask: what the kind of attention says. Returns [rows, labels].
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

  def norm_if_any(self: __torch__.Encoder, x: Tensor, weights: List[Tensor]) -> Tensor:
    if torch.eq(len(weights), 0):
      return x
    else:
      return self.norm(x, weights)

  def norm(self: __torch__.Encoder, x: Tensor, weights: List[Tensor]) -> Tensor:
    weight, bias = weights
    return torch.layer_norm(x, [torch.size(weight, 0)], weight, bias, self.epsilon)

