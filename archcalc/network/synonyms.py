"""What other programs call the types and keys of layers. Only a mistake needs it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from archcalc.wording import closest

TYPES: Mapping[str, str] = {
    word: name
    for name, words in {
        "conv": "conv1d conv2d conv3d convolution convolution2d",
        "conv_transpose": (
            "upconv up_conv upconvolution deconv deconvolution deconv2d "
            "convtranspose2d conv2dtranspose conv2d_transpose"
        ),
        "depthwise_conv": "dwconv depthwise depthwiseconv2d depthwise_conv2d",
        "separable_conv": "sepconv separable separableconv2d separable_conv2d",
        "linear": "dense fc fully_connected fullyconnected inner_product innerproduct gemm affine",
        "batchnorm": "bn batchnorm2d batchnormalization batch_norm batch_normalization",
        "layernorm": "ln layernormalization layer_norm layer_normalization",
        "groupnorm": "gn groupnormalization group_norm group_normalization",
        "lrn": "localresponsenorm local_response_norm local_response_normalization",
        "maxpool": "maxpool2d maxpooling2d max_pool max_pooling pool pooling",
        "avgpool": "avgpool2d averagepooling2d avg_pool average_pool mean_pool subsampling",
        "global_avgpool": "gap globalaveragepooling2d global_average_pooling globalavgpool",
        "global_maxpool": "gmp globalmaxpooling2d global_max_pooling globalmaxpool",
        "adaptive_avgpool": "adaptiveavgpool2d adaptive_avg_pool",
        "subtract": "sub minus difference diff",
        "add": "sum plus eltwise residual shortcut skip",
        "multiply": "mul product times gate",
        "concat": "cat concatenate join merge",
        "silu": "swish",
        "identity": "noop none pass linear_activation",
        "matmul": "einsum bmm dot batch_matmul",
        "attention": "scaled_dot_product_attention sdpa cross_attention",
        "self_attention": "multihead_attention multiheadattention mha msa",
        "rmsnorm": "rms_norm",
        "l2norm": "l2_norm l2normalize",
        "parameter": "learned tensor variable cls_token class_token pos_embed",
        "transpose": "permute swapaxes",
        "embedding": "embed lookup embedding_table",
        "upsample": "interpolate resize upsampling upsampling2d unpool",
        "pad": "zeropad zeropad2d zeropadding2d",
        "pixel_shuffle": "depth_to_space depthtospace pixelshuffle",
        "split": "chunk unbind tensor_split",
        "unfold": "im2col extract_patches",
        "blurpool": "blur_pool blurpool2d blur antialias anti_alias",
        "squeeze_excite": (
            "se squeeze_excitation squeeze_and_excitation squeezeexcite squeezeexcitation "
            "semodule se_block selayer"
        ),
        "lstm": "bilstm blstm",
        "gru": "bigru",
        "rnn": "birnn elman simplernn simple_rnn recurrent",
        "space_to_depth": "pixel_unshuffle pixelunshuffle spacetodepth reorg",
    }.items()
    for word in words.split()
}

KEYS: Mapping[str, tuple[str, ...]] = {
    "out_channels": ("filters",),
    "output_channels": ("filters",),
    "num_filters": ("filters",),
    "num_output": ("filters", "units"),
    "channels": ("filters", "units"),
    "features": ("filters", "units"),
    "maps": ("filters",),
    "kernel_size": ("kernel",),
    "kernel_shape": ("kernel",),
    "filter_size": ("kernel",),
    "pool_size": ("kernel",),
    "window": ("kernel",),
    "size": ("kernel", "output"),
    "strides": ("stride",),
    "step": ("stride",),
    "subsample": ("stride",),
    "pads": ("padding",),
    "border": ("padding",),
    "dilation_rate": ("dilation",),
    "dilations": ("dilation",),
    "cardinality": ("groups",),
    "use_bias": ("bias",),
    "bias_term": ("bias",),
    "out_features": ("units",),
    "num_embeddings": ("entries",),
    "vocab_size": ("entries",),
    "embedding_dim": ("channels",),
    "num_heads": ("heads",),
    "num_kv_heads": ("kv_heads",),
    "window_size": ("window",),
    "qkv_bias": ("bias",),
    "dim_head": ("head_dim",),
    "neurons": ("units",),
    "nodes": ("units",),
    "outputs": ("units", "output"),
    "output_size": ("output",),
    "depth_multiplier": ("multiplier",),
    "expansion": ("multiplier",),
    "nonlinearity": ("activation",),
    "act": ("activation",),
    "p": ("rate",),
    "prob": ("rate",),
    "num_groups": ("groups",),
    "scale_factor": ("scale",),
    "hidden_size": ("units",),
    "hidden": ("units",),
    "layers": ("num_layers",),
    "n_layers": ("num_layers",),
    "bidir": ("bidirectional",),
    "chunks": ("parts",),
    "split_sizes": ("sizes",),
    "dim": ("axis",),
    "ratio": ("reduction",),
    "squeeze_channels": ("filters",),
    "squeeze_factor": ("reduction",),
    "rd_ratio": ("reduction",),
    "downscale_factor": ("scale",),
    "block_size": ("scale",),
    "factor": ("scale", "by"),
    "padding_mode": ("mode",),
    "input": ("from",),
    "inputs": ("from",),
    "bottom": ("from",),
    "id": ("name",),
    "label": ("name",),
    "times": ("repeat",),
    "count": ("repeat",),
    "args": ("with",),
    "arguments": ("with",),
    "if": ("when",),
}


def meant_type(text: str, known: Collection[str]) -> str | None:
    """The layer type, of those that may stand there, that an unknown word probably means."""
    word = _plain(text)
    other = TYPES.get(word)
    return other if other in known else closest(text, known)


def meant_key(text: str, free: Collection[str]) -> str | None:
    """The key that an unknown word probably means, among those that are not written yet."""
    other = [name for name in KEYS.get(_plain(text), ()) if name in free]
    return other[0] if other else closest(text, free)


def _plain(text: str) -> str:
    return text[:80].lower().replace("-", "_")
