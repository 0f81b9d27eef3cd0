  # Linear layers by libtorch's own operators, which every processor and GPU has.
  def linear(self: __torch__.Encoder, x: Tensor, weights: List[Tensor]) -> Tensor:
    weight, bias = weights
    return torch.linear(x, weight, bias)

  def linear_add(self: __torch__.Encoder, x: Tensor, weights: List[Tensor], residual: Tensor) -> Tensor:
    return torch.add_(self.linear(x, weights), residual)

  def linear_activated(self: __torch__.Encoder, x: Tensor, weights: List[Tensor]) -> Tensor:
    y = self.linear(x, weights)
    if torch.eq(self.activation, "relu"):
      return torch.relu_(y)
    else:
      return torch.gelu_(y, approximate=self.activation)
