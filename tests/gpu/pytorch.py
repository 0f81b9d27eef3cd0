"""The work of the checks `recipe` and `inference` in PyTorch with transformers: the same batches, bf16 autocast, fused AdamW,
scaled_dot_product_attention. Prints one line of JSON."""
import json
import sys
import time

import torch
import transformers

rows, device = json.load(open(sys.argv[1])), torch.device(sys.argv[2])
dry = "--dry" in sys.argv
MAX_TOKENS, MAX_ROWS = 16384, 1024  # as the library's engine takes them on a large GPU

small = dict(vocab_size=5000, hidden_size=64, num_attention_heads=4, num_hidden_layers=2, intermediate_size=256) if dry else dict(vocab_size=50262)
config = transformers.RobertaConfig(
    max_position_embeddings=514, type_vocab_size=1, hidden_dropout_prob=0.1, attention_probs_dropout_prob=0.1, num_labels=2,
    pad_token_id=1, bos_token_id=0, eos_token_id=2, layer_norm_eps=1e-5, attn_implementation="sdpa", **small)
torch.manual_seed(42)
model = transformers.RobertaForSequenceClassification(config).to(device)


def synchronize():
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def batch(lengths):
    """Ids, mask and labels of made-up rows of these lengths, padded to the longest."""
    longest = max(lengths)
    ids = torch.randint(5, 4005, (len(lengths), longest))
    mask = torch.arange(longest)[None, :] < torch.tensor(lengths)[:, None]
    ids[~mask] = 1
    labels = torch.randint(0, 2, (len(lengths),))
    return [x.pin_memory() if device.type == "cuda" else x for x in (ids, mask.long(), labels)]


def moved(tensors):
    return [x.to(device, non_blocking=True) for x in tensors]


def by_length(lengths):
    """Batches of like length, the longest first, within the budget of tokens."""
    ordered, at = sorted(lengths, reverse=True), 0
    while at < len(ordered):
        count = max(1, min(MAX_TOKENS // ordered[at], MAX_ROWS))
        yield ordered[at:at + count]
        at += count


def evaluate(batches):
    model.eval()
    with torch.no_grad(), torch.autocast(device.type, dtype=torch.bfloat16):
        return [model(input_ids=ids, attention_mask=mask).logits.float().cpu() for ids, mask, _ in map(moved, batches)]


def train(epochs, validation):
    steps = sum(len(epoch) for epoch in epochs)
    decayed = [p for p in model.parameters() if p.dim() > 1]
    others = [p for p in model.parameters() if p.dim() <= 1]
    optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}], lr=2e-5, fused=device.type == "cuda")
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / steps)
    evaluate(validation)
    for epoch in epochs:
        model.train()
        for tensors in epoch:
            ids, mask, labels = moved(tensors)
            with torch.autocast(device.type, dtype=torch.bfloat16):
                loss = model(input_ids=ids, attention_mask=mask, labels=labels).loss
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
        evaluate(validation)
    synchronize()


epochs = [[batch(lengths) for lengths in epoch] for epoch in rows["epochs"]]
validation = [batch(lengths) for lengths in by_length(rows["validation"])]
train([epochs[0][:2]], validation[:1])  # what is loaded and chosen at first use
started = time.perf_counter()
train(epochs, validation)
result = {"check": "pytorch", "passed": True, "torch": torch.__version__, "transformers": transformers.__version__,
          "recipe_seconds": round(time.perf_counter() - started, 3)}

model.eval()
lengths = rows["validation"]
for name, dtype in (("fp32", torch.float32), ("bf16", torch.bfloat16)):
    model.to(dtype)
    with torch.inference_mode():
        for timed in (False, True):
            synchronize()
            started = time.perf_counter()
            for ids, mask, _ in map(moved, validation):
                model(input_ids=ids, attention_mask=mask).logits.float().cpu()
            seconds = time.perf_counter() - started
    result[f"{name}_rows_per_second"] = round(len(lengths) / seconds, 1)
print(json.dumps(result))
