#!/usr/bin/env python3
"""Checks Alcove's trail without Alcove: proofs, growth and whole exports, with Python's own library alone.

    verify_trail.py --key KEY proof FILE           one entry is in the trail, and what it says
    verify_trail.py --key KEY growth OLD FILE      the trail of the checkpoint OLD is the beginning of FILE's
    verify_trail.py --key KEY export FILE          every entry of an export is there, whole and in order
    verify_trail.py --key KEY note FILE            a checkpoint or a certificate is signed

KEY is the line that `alcove trail key` prints; get it from the practice once and keep it. The exit code is
0 only when everything holds. Hashes and proofs: RFC 6962 section 2.1. Signatures: Ed25519, RFC 8032. Files:
C2SP signed-note, tlog-checkpoint and tlog-proof.
"""

import argparse
import base64
import hashlib
import json
import struct
import sys

ED25519 = b"\x01"


class Wrong(Exception):
    """Something does not hold; the words say what."""


# Ed25519 (RFC 8032 section 5.1), verification alone
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def add(a, b):
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    e = (y1 - x1) * (y2 - x2) % P
    f = (y1 + x1) * (y2 + x2) % P
    g = 2 * t1 * t2 * D % P
    h = 2 * z1 * z2 % P
    return (f - e) * (h - g) % P, (h + g) * (f + e) % P, (h - g) * (h + g) % P, (f - e) * (f + e) % P


def times(scalar, point):
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = add(total, point)
        point = add(point, point)
        scalar >>= 1
    return total


def x_of(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def point_of(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    x = x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (x_of(BASE_Y, 0), BASE_Y, 1, x_of(BASE_Y, 0) * BASE_Y % P)


def is_signed(key, text, signature):
    if len(key) != 32 or len(signature) != 64:
        return False
    a, r = point_of(key), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % L
    left, right = times(s, BASE), add(r, times(h, a))
    return all((left[at] * right[2] - right[at] * left[2]) % P == 0 for at in (0, 1))


# Signed notes and checkpoints
def read_key(line):
    """name+hash+base64 of an algorithm byte and the key"""
    try:
        name, named, encoded = line.strip().split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
    except ValueError:
        raise Wrong("the key is not of the form name+hash+key") from None
    if raw[:1] != ED25519 or len(raw) != 33 or key_hash(name, raw[1:]).hex() != named:
        raise Wrong("the key line is damaged")
    return name, raw[1:]


def key_hash(name, key):
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + key).digest()[:4]


def open_note(note, key):
    """The text of a note, if this key has signed it."""
    text, _, signatures = note.rpartition("\n\n")
    text += "\n"
    for line in signatures.splitlines():
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        # A checkpoint's key is named like its origin, which adds the number of the log to the practice.
        if dash != "\u2014" or not (name == key[0] or name.startswith(key[0] + "/")):
            continue
        raw = base64.b64decode(encoded, validate=True)
        if raw[:4] == key_hash(name, key[1]) and is_signed(key[1], text.encode(), raw[4:]):
            return text
    raise Wrong("the note is not signed by this key")


def open_checkpoint(note, key):
    lines = open_note(note, key).splitlines()
    if len(lines) < 3 or not lines[0].startswith(key[0] + "/"):
        raise Wrong("the note is no checkpoint of this trail")
    return {"origin": lines[0], "size": int(lines[1]), "root": base64.b64decode(lines[2], validate=True)}


# The tree (RFC 6962 section 2.1; the ways to verify are those of RFC 9162 section 2.1)
def leaf_hash(data):
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_by_inclusion(leaf, index, size, path):
    if index >= size:
        raise Wrong("the entry is beyond the checkpoint")
    fn, sn, root = index, size - 1, leaf
    for other in path:
        if sn == 0:
            raise Wrong("the proof is too long")
        if fn & 1 or fn == sn:
            root = node_hash(other, root)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = node_hash(root, other)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise Wrong("the proof is too short")
    return root


def check_growth(old_size, old_root, size, root, path):
    if not 0 < old_size <= size:
        raise Wrong("the older trail is not the shorter one")
    if old_size == size:
        if path or old_root != root:
            raise Wrong("two trails of one length differ")
        return
    if old_size & (old_size - 1) == 0:
        path = [old_root] + path
    if not path:
        raise Wrong("the proof is empty")
    fn, sn = old_size - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    older = newer = path[0]
    for other in path[1:]:
        if sn == 0:
            raise Wrong("the proof is too long")
        if fn & 1 or fn == sn:
            older, newer = node_hash(other, older), node_hash(other, newer)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            newer = node_hash(newer, other)
        fn, sn = fn >> 1, sn >> 1
    if sn or older != old_root or newer != root:
        raise Wrong("the older trail is not the beginning of this one")


# Entries
def read_leaf(data):
    """The parts of a leaf: each has its length in front."""
    parts, at = [], 0
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        parts.append(data[at + 4 : at + 4 + length])
        at += 4 + length
    if at != len(data) or len(parts) != 9 or parts[0] != b"alcove/1 leaf":
        raise Wrong("a leaf is damaged")
    epoch, index, when = (int.from_bytes(part, "big", signed=True) for part in parts[2:5])
    origin = f"alcove/{parts[1].hex()}/{epoch}"
    return {"origin": origin, "index": index, "at": when, "touched": parts[7], "said": parts[8]}


def check_leaf(shown, index, checkpoint):
    """Gives the leaf's hash and what the entry says, if that is shown."""
    data = base64.b64decode(shown["leaf"], validate=True)
    leaf = read_leaf(data)
    if leaf["index"] != index or leaf["origin"] != checkpoint["origin"]:
        raise Wrong(f"entry {index} stands in the place of another")
    says = None
    if "says" in shown:
        if hashlib.sha256(shown["says"].encode()).digest() != leaf["said"]:
            raise Wrong(f"entry {index} does not say what is shown")
        says = json.loads(shown["says"])
        touched = base64.b64encode(hashlib.sha256(leaf["touched"]).digest()).decode()
        if says["at"] != leaf["at"] or says["touched"] != touched:
            raise Wrong(f"entry {index} contradicts itself")
    return leaf_hash(data), says


def check_proof(text, key):
    head, _, note = text.partition("\n\n")
    lines = head.splitlines()
    if len(lines) < 3 or lines[0] != "c2sp.org/tlog-proof@v1":
        raise Wrong("this is no proof of the form tlog-proof@v1")
    if not lines[1].startswith("extra ") or not lines[2].startswith("index "):
        raise Wrong("the proof names no entry")
    index, checkpoint = int(lines[2][6:]), open_checkpoint(note, key)
    shown = json.loads(base64.b64decode(lines[1][6:], validate=True))
    leaf, says = check_leaf(shown, index, checkpoint)
    path = [base64.b64decode(line, validate=True) for line in lines[3:]]
    if root_by_inclusion(leaf, index, checkpoint["size"], path) != checkpoint["root"]:
        raise Wrong(f"entry {index} is not in the trail")
    print(f"Entry {index} is in the trail of {checkpoint['size']} entries.")
    if says:
        print(json.dumps(says, indent=2, ensure_ascii=False))


def check_export(lines, key):
    first = json.loads(next(lines, "{}"))
    if first.get("form") != "alcove/1 trail export":
        raise Wrong("this is no export of a trail")
    checkpoint, peaks, size, said = open_checkpoint(first["checkpoint"], key), [], 0, 0
    for line in lines:
        node, says = check_leaf(json.loads(line), size, checkpoint)
        said += says is not None
        for _ in range((~size & (size + 1)).bit_length() - 1):
            node = node_hash(peaks.pop(), node)
        peaks.append(node)
        size += 1
    if size != checkpoint["size"]:
        raise Wrong(f"the export has {size} entries, the checkpoint {checkpoint['size']}")
    root = peaks.pop() if peaks else hashlib.sha256(b"").digest()
    while peaks:
        root = node_hash(peaks.pop(), root)
    if root != checkpoint["root"]:
        raise Wrong("the entries are not the ones that were signed")
    print(f"All {size} entries are whole and in order; {said} of them are readable.")


def check_growth_file(old, text, key):
    head, _, note = text.partition("\n\n")
    lines = head.splitlines()
    older, newer = open_checkpoint(old, key), open_checkpoint(note, key)
    if not lines or lines[0] != f"old {older['size']}" or older["origin"] != newer["origin"]:
        raise Wrong("the proof is for another checkpoint")
    path = [base64.b64decode(line, validate=True) for line in lines[1:]]
    check_growth(older["size"], older["root"], newer["size"], newer["root"], path)
    print(f"The trail of {older['size']} entries is the beginning of the one of {newer['size']}.")


def main():
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("--key", required=True)
    parser.add_argument("what", choices=["proof", "growth", "export", "note"])
    parser.add_argument("files", nargs="+")
    asked = parser.parse_args()
    try:
        key = read_key(asked.key)
        if len(asked.files) != (2 if asked.what == "growth" else 1):
            raise Wrong("growth takes two files, everything else one")
        with open(asked.files[-1], encoding="utf-8", newline="\n") as file:
            if asked.what == "export":
                check_export(file, key)
            elif asked.what == "proof":
                check_proof(file.read(), key)
            elif asked.what == "note":
                print(open_note(file.read(), key), end="")
            else:
                with open(asked.files[0], encoding="utf-8", newline="\n") as old:
                    check_growth_file(old.read(), file.read(), key)
    except (Wrong, OSError) as wrong:
        sys.exit(f"verify_trail: {wrong}")
    except (ValueError, KeyError, TypeError, struct.error) as damaged:
        sys.exit(f"verify_trail: the file is damaged ({type(damaged).__name__})")


if __name__ == "__main__":
    main()
