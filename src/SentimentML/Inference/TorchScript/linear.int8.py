  # Linear layers in 8-bit integers by oneDNN: weights with a scale for each output, activations (bfloat16 outside) with
  # the range that they have in this batch.
  def reorder(self: __torch__.Encoder, weight: Tensor, tokens: int) -> Tensor:
    return ops.onednn.qlinear_prepack(weight, [tokens, torch.size(weight, 1)])

  def quantized(self: __torch__.Encoder, x: Tensor) -> Tuple[Tensor, float, int]:
    x = torch.to(x, 6)
    least, most = torch.aminmax(x)
    low = min(float(least), 0.)
    scale = max((max(float(most), 0.) - low) / 255., 1e-12)
    zero = int(torch.round(torch.neg(low) / scale))
    return (torch.int_repr(torch.quantize_per_tensor(x, scale, zero, 13)), scale, zero)

  def linear(self: __torch__.Encoder, x: Tensor, weights: List[Tensor]) -> Tensor:
    weight, bias, scales, zeros = weights
    q, scale, zero = self.quantized(x)
    return ops.onednn.qlinear_pointwise(q, scale, zero, weight, scales, zeros, bias, 1., 0, 15, "none", annotate(List[Optional[number]], []), "")

  def linear_add(self: __torch__.Encoder, x: Tensor, weights: List[Tensor], residual: Tensor) -> Tensor:
    weight, bias, scales, zeros = weights
    q, scale, zero = self.quantized(x)
    return ops.onednn.qlinear_pointwise(q, scale, zero, weight, scales, zeros, residual, bias, 1., 0, 15, 1., 0, "add", 1., "none", annotate(List[Optional[number]], []), "")

  # In float32, which is what the next layer's quantization reads.
  def linear_activated(self: __torch__.Encoder, x: Tensor, weights: List[Tensor]) -> Tensor:
    weight, bias, scales, zeros = weights
    q, scale, zero = self.quantized(x)
    if torch.eq(self.activation, "relu"):
      return ops.onednn.qlinear_pointwise(q, scale, zero, weight, scales, zeros, bias, 1., 0, 6, "relu", annotate(List[Optional[number]], []), "")
    else:
      return ops.onednn.qlinear_pointwise(q, scale, zero, weight, scales, zeros, bias, 1., 0, 6, "gelu", annotate(List[Optional[number]], []), self.activation)
