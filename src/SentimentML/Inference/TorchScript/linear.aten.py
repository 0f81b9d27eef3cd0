  # Linear layers by libtorch's own operators, which every processor and GPU has.
  def linear(self: __torch__.Encoder, x: Tensor, weights: List[Tensor]) -> Tensor:
    weight, bias = weights
    return torch.linear(x, weight, bias)

  def linear_add(self: __torch__.Encoder, x: Tensor, weights: List[Tensor], residual: Tensor) -> Tensor:
    return torch.add_(self.linear(x, weights), residual)

  def feed_forward(self: __torch__.Encoder, x: Tensor, intermediate: List[Tensor], output: List[Tensor]) -> Tensor:
    return self.linear_add(self.activate_own(self.linear(x, intermediate)), output, x)

  # q, k, v: [rows, heads, length, head size], the queries scaled.
  def attend(self: __torch__.Encoder, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    return torch.scaled_dot_product_attention(q, k, v, scale=1.)

  # mask: [length, length], which tokens see each other.
  def attend_within(self: __torch__.Encoder, q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
    return torch.scaled_dot_product_attention(q, k, v, mask, scale=1.)
