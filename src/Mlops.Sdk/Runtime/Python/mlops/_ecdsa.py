"""ECDSA on P-256 with SHA-256: by the package ``cryptography`` where it is installed, else in plain Python (FIPS 186-4, RFC 6979).

Keys are PEM: PKCS #8 or SEC 1 private keys, SubjectPublicKeyInfo public keys. Signatures are DER, as openssl writes and reads them.
The plain version takes as long as the key's bits tell it to; it is for signing on the author's own machine.
"""
import base64
import hashlib
import hmac
import re
import secrets

_P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
_OID_EC = bytes.fromhex("06072a8648ce3d0201")
_OID_P256 = bytes.fromhex("06082a8648ce3d030107")


class KeyFileError(ValueError):
    """A file holds no usable P-256 key."""


def generate():
    """Returns a new pair of keys as PEM: (private, public)."""
    d = secrets.randbelow(_N - 1) + 1
    point = b"\x04" + b"".join(_bytes(c) for c in _multiply(d, _G))
    sec1 = _sequence(_tlv(2, b"\x01") + _tlv(4, _bytes(d)) + _tlv(0xA1, _tlv(3, b"\0" + point)))
    private = _sequence(_tlv(2, b"\0") + _sequence(_OID_EC + _OID_P256) + _tlv(4, sec1))
    return _pem("PRIVATE KEY", private), _pem("PUBLIC KEY", _spki(point))


def public_of(private):
    """Returns the public key, PEM, of a private one."""
    return _pem("PUBLIC KEY", _spki(b"\x04" + b"".join(_bytes(c) for c in _multiply(_scalar(private), _G))))


def sign(private, message):
    """Signs bytes with a private key (PEM)."""
    d = _scalar(private)
    try:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec
    except ImportError:
        return sign_plain(d, message)
    return ec.derive_private_key(d, ec.SECP256R1()).sign(message, ec.ECDSA(hashes.SHA256()))


def verify(public, message, signature):
    """Tells whether a public key (PEM) says that the signature is over the message."""
    point = _point(public)
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec
    except ImportError:
        return verify_plain(point, message, signature)
    try:
        ec.EllipticCurvePublicNumbers(*point, ec.SECP256R1()).public_key().verify(signature, message, ec.ECDSA(hashes.SHA256()))
        return True
    except InvalidSignature:
        return False


def sign_plain(d, message):
    digest = hashlib.sha256(message).digest()
    z = int.from_bytes(digest, "big")
    for k in _nonces(d, digest):
        r = _multiply(k, _G)[0] % _N
        s = pow(k, -1, _N) * (z + r * d) % _N
        if r and s:
            return _sequence(_integer(r) + _integer(s))


def verify_plain(point, message, signature):
    numbers = _read_signature(signature)
    if numbers is None or not all(0 < number < _N for number in numbers):
        return False
    r, s = numbers
    z, w = int.from_bytes(hashlib.sha256(message).digest(), "big"), pow(s, -1, _N)
    found = _add(_multiply(z * w % _N, _G), _multiply(r * w % _N, point))
    return found is not None and found[0] % _N == r


def _nonces(d, digest):
    """RFC 6979, section 3.2: the nonce follows from key and message, so no bad random number can give the key away."""
    secret = _bytes(d) + _bytes(int.from_bytes(digest, "big") % _N)
    v, k = b"\1" * 32, b"\0" * 32
    for mark in (b"\0", b"\1"):
        k = hmac.new(k, v + mark + secret, hashlib.sha256).digest()
        v = hmac.new(k, v, hashlib.sha256).digest()
    while True:
        v = hmac.new(k, v, hashlib.sha256).digest()
        number = int.from_bytes(v, "big")
        if 0 < number < _N:
            yield number
        k = hmac.new(k, v + b"\0", hashlib.sha256).digest()
        v = hmac.new(k, v, hashlib.sha256).digest()


# The curve. Points are (x, y), None is infinity; products are computed in Jacobian coordinates.


def _add(a, b):
    if a is None or b is None:
        return a or b
    return _affine(_add_jacobian((*a, 1), (*b, 1)))


def _multiply(factor, point):
    total, addend = None, (*point, 1)
    while factor:
        if factor & 1:
            total = _add_jacobian(total, addend)
        addend = _add_jacobian(addend, addend)
        factor >>= 1
    return _affine(total)


def _add_jacobian(a, b):
    if a is None or b is None:
        return a or b
    (x1, y1, z1), (x2, y2, z2) = a, b
    u1, u2 = x1 * z2 * z2 % _P, x2 * z1 * z1 % _P
    s1, s2 = y1 * z2**3 % _P, y2 * z1**3 % _P
    if u1 == u2:
        if s1 != s2 or y1 == 0:
            return None
        slope = 3 * (x1 - z1 * z1) * (x1 + z1 * z1) % _P
        shared = 4 * x1 * y1 * y1 % _P
        x = (slope * slope - 2 * shared) % _P
        return x, (slope * (shared - x) - 8 * y1**4) % _P, 2 * y1 * z1 % _P
    h, r = (u2 - u1) % _P, (s2 - s1) % _P
    h2 = h * h % _P
    h3, v = h * h2 % _P, u1 * h2 % _P
    x = (r * r - h3 - 2 * v) % _P
    return x, (r * (v - x) - s1 * h3) % _P, h * z1 * z2 % _P


def _affine(point):
    if point is None:
        return None
    x, y, z = point
    inverse = pow(z, -1, _P)
    return x * inverse * inverse % _P, y * inverse**3 % _P


# Keys and signatures as bytes


def _bytes(number):
    return number.to_bytes(32, "big")


def _tlv(tag, content):
    length = len(content)
    return bytes([tag]) + (bytes([length]) if length < 128 else bytes([0x81, length])) + content


def _sequence(content):
    return _tlv(0x30, content)


def _integer(number):
    return _tlv(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _spki(point):
    return _sequence(_sequence(_OID_EC + _OID_P256) + _tlv(3, b"\0" + point))


def _pem(label, data):
    text = base64.b64encode(data).decode("ascii")
    lines = "\n".join(text[i : i + 64] for i in range(0, len(text), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n"


def _der(pem, *labels):
    match = re.search(r"-----BEGIN ((?:EC )?(?:PRIVATE|PUBLIC) KEY)-----(.*?)-----END \1-----", pem, re.DOTALL)
    if match is None or match.group(1) not in labels:
        raise KeyFileError(f"it holds no {labels[0].lower()} in PEM; encrypted keys are not supported. 'python -m mlops keygen NAME' makes a pair")
    data = base64.b64decode("".join(match.group(2).split()))
    if _OID_P256 not in data:
        raise KeyFileError("the key is not of the curve P-256 (prime256v1). 'python -m mlops keygen NAME' makes a pair")
    return data


def _scalar(private):
    data = _der(private, "PRIVATE KEY", "EC PRIVATE KEY")
    at = data.find(b"\x02\x01\x01\x04\x20")
    d = int.from_bytes(data[at + 5 : at + 37], "big") if at >= 0 else 0
    if not 0 < d < _N:
        raise KeyFileError("the private key is damaged. Make a new pair by 'python -m mlops keygen NAME'")
    return d


def _point(public):
    data = _der(public, "PUBLIC KEY")
    if len(data) != len(_spki(bytes(65))) or data[-65] != 4:
        raise KeyFileError("the public key is damaged or compressed. Write it again from the private key")
    x, y = int.from_bytes(data[-64:-32], "big"), int.from_bytes(data[-32:], "big")
    if x >= _P or y >= _P or (y * y - (x**3 - 3 * x + _B)) % _P:
        raise KeyFileError("the public key is no point of the curve P-256")
    return x, y


def _read_signature(data):
    """Returns (r, s) of DER; None when it is anything else."""
    numbers, rest = [], data[2:]
    if len(data) < 8 or data[0] != 0x30 or data[1] != len(rest):
        return None
    for _ in range(2):
        if len(rest) < 3 or rest[0] != 2 or not 0 < rest[1] <= min(33, len(rest) - 2):
            return None
        numbers.append(int.from_bytes(rest[2 : 2 + rest[1]], "big", signed=True))
        rest = rest[2 + rest[1] :]
    return None if rest else tuple(numbers)
