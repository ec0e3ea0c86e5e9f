"""Run inside the portal's image: the key Saleor signs with, drawn once. Who has the volume may read it, nobody else."""

import os
import sys
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


def main(path: Path) -> None:
    """Write the key in one step, so that a half-written one is never met."""
    if path.exists():
        return
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    half = path.with_suffix(".half")
    half.write_bytes(key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain))
    half.chmod(0o444)  # Saleor runs as a user of its own image
    os.replace(half, path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
