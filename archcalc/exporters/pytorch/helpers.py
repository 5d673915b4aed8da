"""What stands at the top of a file where PyTorch has no module of a kind."""

from __future__ import annotations

HELPERS: dict[str, str] = {}


def _helper(source: str) -> None:
    name = source.split(maxsplit=1)[1].partition("(")[0]
    HELPERS[name] = source.strip("\n") + "\n"


_helper('''
class Scale(nn.Module):
    """A trained coefficient per channel, and a number that is added."""

    def __init__(self, channels, bias=True):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels)) if bias else None

    def forward(self, x):
        shape = (1, -1) + (1,) * (x.dim() - 2)
        x = x * self.weight.reshape(shape)
        return x if self.bias is None else x + self.bias.reshape(shape)
''')
_helper('''
class ResponseNorm(nn.Module):
    """Channels weighed by their length over the mean length (ConvNeXt V2)."""

    def __init__(self, channels, affine=True):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(channels)) if affine else None
        self.bias = nn.Parameter(torch.zeros(channels)) if affine else None

    def forward(self, x):
        shape = (-1, x.shape[1]) + (1,) * (x.dim() - 2)
        lengths = x.flatten(2).norm(dim=2).reshape(shape)
        y = x * (lengths / lengths.mean(1, keepdim=True))
        if self.weight is not None:
            y = y * self.weight.reshape(shape) + self.bias.reshape(shape)
        return x + y
''')
_helper('''
class Subsampling(nn.Module):
    """The mean of each window, with a coefficient and a bias per channel (LeNet-5)."""

    def __init__(self, channels, kernel, stride=None, padding=0):
        super().__init__()
        self.pool = nn.AvgPool2d(kernel, stride, padding)
        self.weight = nn.Parameter(torch.ones(channels, 1, 1))
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, x):
        return self.pool(x) * self.weight + self.bias
''')
_helper('''
class TableConv2d(nn.Module):
    """Each filter reads the maps that a table names (LeNet-5's C3)."""

    def __init__(self, table, kernel, **options):
        super().__init__()
        self.table = [list(maps) for maps in table]
        self.filters = nn.ModuleList(nn.Conv2d(len(maps), 1, kernel, **options) for maps in table)

    def forward(self, x):
        maps = zip(self.filters, self.table)
        return torch.cat([conv(x[:, which]) for conv, which in maps], dim=1)
''')
_helper('''
class StandardizedConv2d(nn.Conv2d):
    """The weights of each filter are brought to mean 0 and variance 1."""

    def __init__(self, *arguments, gain=False, **options):
        super().__init__(*arguments, **options)
        self.gain = nn.Parameter(torch.ones(self.out_channels)) if gain else None

    def forward(self, x):
        weight = self.weight.reshape(1, self.out_channels, -1)
        weight = F.batch_norm(weight, None, None, self.gain, training=True, momentum=0.0)
        return self._conv_forward(x, weight.reshape_as(self.weight), self.bias)
''')
_helper('''
class BlurPool2d(nn.Module):
    """A fixed binomial filter on mirrored rows, for each channel."""

    def __init__(self, channels, kernel=3, stride=2):
        super().__init__()
        row = torch.tensor([float(comb(kernel - 1, at)) for at in range(kernel)])
        both = row[:, None] * row[None, :] / row.sum() ** 2
        self.register_buffer("filter", both.expand(channels, 1, kernel, kernel).clone())
        self.stride = stride
        self.padding = ((kernel - 1) // 2, kernel // 2) * 2

    def forward(self, x):
        x = F.pad(x, self.padding, mode="reflect")
        return F.conv2d(x, self.filter, stride=self.stride, groups=x.shape[1])
''')
_helper('''
class Rbf(nn.Module):
    """The squared distance to each of some fixed centres."""

    def __init__(self, inputs, units):
        super().__init__()
        self.register_buffer("centres", torch.zeros(units, inputs))

    def forward(self, x):
        x = x.flatten(1)
        squares = (x * x).sum(1, keepdim=True) + (self.centres * self.centres).sum(1)
        return squares - 2 * F.linear(x, self.centres)
''')
_helper('''
class Attention(nn.Module):
    """softmax(Q K^T / sqrt(d)) V per head, over all positions or within shifted windows.

    A table has a number for every distance of two positions, for each head.
    """

    def __init__(self, heads, kv_heads=None, window=None, shift=0, table=None, fused=False):
        super().__init__()
        self.heads, self.kv_heads, self.fused = heads, kv_heads or heads, fused
        self.window, self.shift = window, shift
        if table is not None:
            count = 1
            index = torch.zeros(1, 1, dtype=torch.long)
            for size in table:
                count *= 2 * size - 1
                one = torch.arange(size)
                apart = one[:, None] - one[None, :] + size - 1
                index = index[:, None, :, None] * (2 * size - 1) + apart[None, :, None, :]
                index = index.flatten(2).flatten(0, 1)
            self.table = nn.Parameter(torch.zeros(count, heads))
            self.register_buffer("index", index.flatten(), persistent=False)
        else:
            self.table = None

    def packed(self, x):
        """Query, key and value side by side in the channels."""
        size = x.shape[1] // (self.heads + 2 * self.kv_heads)
        parts = [self.heads * size, self.kv_heads * size, self.kv_heads * size]
        return self(*x.split(parts, dim=1))

    def forward(self, query, key, value):
        sizes = query.shape[2:]
        axes = len(sizes)
        window, shift = (
            (n,) * axes if isinstance(n, int) else n for n in (self.window or 0, self.shift)
        )
        cut = any(window)
        dims = list(range(2, 2 + axes))
        parts = []
        heads = (self.heads, self.kv_heads, self.kv_heads)
        for x, count in zip((query, key, value), heads):
            if any(shift):
                x = x.roll([-n for n in shift], dims)
            if cut:
                x = self._windows(x, window)
            x = x.flatten(2).transpose(1, 2) if axes else x.unsqueeze(1)
            parts.append(x.unflatten(-1, (count, -1)).transpose(1, 2))
        query, key, value = parts
        if self.kv_heads != self.heads:
            times = self.heads // self.kv_heads
            key, value = (x.repeat_interleave(times, 1) for x in (key, value))
        bias = None
        if self.table is not None:
            seen = (query.shape[-2], key.shape[-2])
            bias = self.table[self.index].reshape(*seen, -1).permute(2, 0, 1).unsqueeze(0)
        if self.fused:
            x = F.scaled_dot_product_attention(query, key, value, attn_mask=bias)
        else:
            scores = query @ key.transpose(-2, -1) * query.shape[-1] ** -0.5
            scores = scores if bias is None else scores + bias
            x = scores.softmax(-1) @ value
        x = x.transpose(1, 2).flatten(2).transpose(1, 2)
        if cut:
            x = self._joined(x, window, sizes)
        elif axes != 1:
            x = x.unflatten(2, sizes) if axes else x.squeeze(2)
        return x.roll(list(shift), dims) if any(shift) else x

    @staticmethod
    def _windows(x, window):
        axes = len(window)
        for axis, size in enumerate(window):
            x = x.unflatten(2 + 2 * axis, (-1, size))
        order = [0, *range(2, 2 + 2 * axes, 2), 1, *range(3, 3 + 2 * axes, 2)]
        return x.permute(order).flatten(0, axes)

    @staticmethod
    def _joined(x, window, sizes):
        axes = len(window)
        counts = [size // n for size, n in zip(sizes, window)]
        x = x.unflatten(2, window).unflatten(0, (-1, *counts))
        order = [0, 1 + axes]
        for axis in range(axes):
            order += [1 + axis, 2 + axes + axis]
        x = x.permute(order)
        return x.reshape(x.shape[0], x.shape[1], *sizes)
''')
_helper('''
def matmul(a, b, heads=1, transpose=False):
    """A B, or A B^T, with positions as rows, for each part of the channels."""
    sizes = a.shape[2:]
    a, b = (x.flatten(2).transpose(1, 2).unflatten(-1, (heads, -1)).transpose(1, 2) for x in (a, b))
    x = a @ (b.transpose(-2, -1) if transpose else b)
    return x.transpose(1, 2).flatten(2).transpose(1, 2).unflatten(2, sizes)
''')
_helper('''
def pixel_shuffle(x, scale):
    """Channels become positions along every axis."""
    axes, sizes = x.dim() - 2, x.shape[2:]
    x = x.unflatten(1, (-1, *[scale] * axes))
    order = [at for axis in range(axes) for at in (2 + axes + axis, 2 + axis)]
    x = x.permute(0, 1, *order)
    return x.reshape(x.shape[0], x.shape[1], *(size * scale for size in sizes))
''')
_helper('''
def space_to_depth(x, scale):
    """Positions along every axis become channels."""
    axes = x.dim() - 2
    for axis in range(axes):
        x = x.unflatten(2 + 2 * axis, (-1, scale))
    order = [3 + 2 * axis for axis in range(axes)] + [2 + 2 * axis for axis in range(axes)]
    return x.permute(0, 1, *order).flatten(1, 1 + axes)
''')
_helper('''
def make_divisible(value, by):
    """The multiple of a number that is nearest, but not below nine tenths of the value."""
    made = max(by, int(value + by / 2) // by * by)
    return made + by if made < 0.9 * value else made
''')
_helper('''
def center_crop(x, like):
    """The middle of the positions of x, as many as another map has."""
    sizes = like.shape[2:]
    starts = [(there - size) // 2 for there, size in zip(x.shape[2:], sizes)]
    return x[(..., *(slice(start, start + size) for start, size in zip(starts, sizes)))]
''')
