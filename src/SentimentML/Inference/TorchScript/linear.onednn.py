  # Linear layers by oneDNN, on weights that were put into its own order once.
  def reorder(self: __torch__.Encoder, weight: Tensor, tokens: int) -> Tensor:
    return ops.mkldnn._reorder_linear_weight(weight, tokens)

  def linear(self: __torch__.Encoder, x: Tensor, weights: List[Tensor]) -> Tensor:
    weight, bias = weights
    return ops.mkldnn._linear_pointwise(x, weight, bias, "none", annotate(List[Optional[number]], []), "")

  def linear_add(self: __torch__.Encoder, x: Tensor, weights: List[Tensor], residual: Tensor) -> Tensor:
    weight, bias = weights
    return ops.mkldnn._linear_pointwise(x, residual, weight, bias, "add")

  def linear_activated(self: __torch__.Encoder, x: Tensor, weights: List[Tensor]) -> Tensor:
    weight, bias = weights
    if torch.eq(self.post_op, ""):
      return self.activate_own(self.linear(x, weights))
    else:
      return ops.mkldnn._linear_pointwise(x, weight, bias, self.post_op, annotate(List[Optional[number]], []), self.post_op_form)

  def feed_forward(self: __torch__.Encoder, x: Tensor, intermediate: List[Tensor], output: List[Tensor]) -> Tensor:
    return self.linear_add(self.linear_activated(x, intermediate), output, x)

  # q, k, v: [rows, heads, length, head size], the queries scaled.
  def attend(self: __torch__.Encoder, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    return torch.scaled_dot_product_attention(q, k, v, scale=1.)

  # mask: [length, length], which tokens see each other.
  def attend_within(self: __torch__.Encoder, q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
    return torch.scaled_dot_product_attention(q, k, v, mask, scale=1.)
