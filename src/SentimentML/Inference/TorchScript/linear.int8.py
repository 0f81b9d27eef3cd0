  # Linear layers in 8-bit integers by oneDNN: weights with a scale for each output, activations (bfloat16 outside) by the
  # range that they had while calibrating. A layer's weights are [weight, bias, scales, zeros, low, high], the last two
  # the range of its input.
  def reorder(self: __torch__.Encoder, weight: Tensor, tokens: int) -> Tensor:
    return ops.onednn.qlinear_prepack(weight, [tokens, torch.size(weight, 1)])

  # Scale and zero point of what lies between low and high, as unsigned bytes.
  def bytes_of(self: __torch__.Encoder, low: Tensor, high: Tensor) -> Tuple[float, int]:
    scale = max((float(high) - float(low)) / 255., 1e-12)
    return (scale, int(torch.round(torch.neg(float(low)) / scale)))

  # Returns x as unsigned bytes, their scale and zero point.
  def quantized(self: __torch__.Encoder, x: Tensor, weights: List[Tensor]) -> Tuple[Tensor, float, int]:
    low, high = weights[4], weights[5]
    x = torch.to(x, 6)
    if self.calibrating:
      least, most = torch.aminmax(x)
      torch.copy_(low, torch.minimum(low, least))
      torch.copy_(high, torch.maximum(high, most))
    scale, zero = self.bytes_of(low, high)
    q = torch.quantize_per_tensor(x, scale, zero, 13)
    # The same memory as plain bytes; int_repr would copy it, slowly.
    return (torch.set_(torch.empty([0], dtype=0), q, 0, [torch.size(x, 0), torch.size(x, 1)], [torch.size(x, 1), 1]), scale, zero)

  def linear(self: __torch__.Encoder, x: Tensor, weights: List[Tensor]) -> Tensor:
    q, scale, zero = self.quantized(x, weights)
    return ops.onednn.qlinear_pointwise(q, scale, zero, weights[0], weights[2], weights[3], weights[1], 1., 0, 15, "none", annotate(List[Optional[number]], []), "")

  def linear_add(self: __torch__.Encoder, x: Tensor, weights: List[Tensor], residual: Tensor) -> Tensor:
    q, scale, zero = self.quantized(x, weights)
    return self.add(q, scale, zero, weights, residual)

  # The first matrix writes the bytes that the second one reads, if oneDNN knows the function between them.
  def feed_forward(self: __torch__.Encoder, x: Tensor, intermediate: List[Tensor], output: List[Tensor]) -> Tensor:
    if torch.eq(self.post_op, ""):
      return self.linear_add(self.activate_own(self.linear(x, intermediate)), output, x)
    else:
      q, scale, zero = self.quantized(x, intermediate)
      if self.calibrating:
        return self.linear_add(self.activated(q, scale, zero, intermediate, 1., 0, 6), output, x)
      else:
        inner_scale, inner_zero = self.bytes_of(output[4], output[5])
        inner = self.activated(q, scale, zero, intermediate, inner_scale, inner_zero, 0)
        return self.add(inner, inner_scale, inner_zero, output, x)

  def add(self: __torch__.Encoder, q: Tensor, scale: float, zero: int, weights: List[Tensor], residual: Tensor) -> Tensor:
    return ops.onednn.qlinear_pointwise(q, scale, zero, weights[0], weights[2], weights[3], residual, weights[1], 1., 0, 15, 1., 0, "add", 1., "none", annotate(List[Optional[number]], []), "")

  def activated(self: __torch__.Encoder, q: Tensor, scale: float, zero: int, weights: List[Tensor], inner_scale: float, inner_zero: int, type: int) -> Tensor:
    return ops.onednn.qlinear_pointwise(q, scale, zero, weights[0], weights[2], weights[3], weights[1], inner_scale, inner_zero, type, self.post_op, annotate(List[Optional[number]], []), self.post_op_form)

  # q, k, v: [rows, heads, length, head size], the queries scaled. Plain products in bfloat16: half the time of libtorch's
  # fused attention at reviews' lengths. They round the scores, which is less than the linear layers round here.
  def attend(self: __torch__.Encoder, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    scores = torch.matmul(torch.contiguous(q), torch.transpose(torch.contiguous(k), 2, 3))
    return torch.matmul(torch.softmax(scores, -1), torch.contiguous(v))

  # mask: [length, length], which tokens see each other.
  def attend_within(self: __torch__.Encoder, q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
    scores = torch.matmul(torch.contiguous(q), torch.transpose(torch.contiguous(k), 2, 3))
    scores = torch.masked_fill(scores, torch.logical_not(mask), -inf)
    return torch.matmul(torch.softmax(scores, -1), torch.contiguous(v))
