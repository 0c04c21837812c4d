"""Who may do what with an entry of Samba: its security descriptor (MS-DTYP 2.4), as far as the tests change it."""

import struct

from ldap.controls import LDAPControl

GRANTED, DENIED = 0x0, 0x1  # kinds of an ACE
LIST_CHILDREN, READ_PROPERTIES, LIST_OBJECT = 0x4, 0x10, 0x80
DACL_ALONE = LDAPControl("1.2.840.113556.1.4.801", True, encodedControlValue=b"\x30\x03\x02\x01\x04")


def ace(kind, sid, rights):
    return struct.pack("<BBHI", kind, 0, 8 + len(sid), rights) + sid


def take_apart(descriptor):
    """(what stands before the ACL, its revision, the ACEs and their number) of one that holds a DACL alone."""
    at = struct.unpack_from("<I", descriptor, 16)[0]
    revision, _, count = struct.unpack_from("<HHH", descriptor, at)
    return descriptor[:at], revision, descriptor[at + 8:], count


def put_together(before, revision, aces, count):
    return before + struct.pack("<HHHH", revision, 8 + len(aces), count, 0) + aces


def with_ace(descriptor, added):
    """With one more, before all others."""
    before, revision, aces, count = take_apart(descriptor)
    return put_together(before, revision, added + aces, count + 1)


def without_ace(descriptor, removed):
    """With one less, if it has it."""
    before, revision, aces, count = take_apart(descriptor)
    if removed not in aces:
        return descriptor
    return put_together(before, revision, aces.replace(removed, b"", 1), count - 1)
