import { constants } from "node:os";
import { AF_INET, AF_NETLINK } from "./libc";
import type { SystemCallNumbers } from "./system-call-numbers";
import { CLONE3 } from "./system-call-numbers";

// linux/bpf_common.h
const LOAD_WORD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_GREATER_EQUAL = 0x35;
const JUMP_ANY_BIT = 0x45;
const RETURN = 0x06;
const INSTRUCTION_BYTES = 8;

// linux/seccomp.h: struct seccomp_data
const NUMBER = 0;
const ARCH = 4;
const FIRST_ARGUMENT = 16;
const LAST_ARGUMENT = 56;
const HALF_BYTES = 4;
const ALLOW = 0x7fff0000;
const ERRNO = 0x00050000;

/** x86 has a second table of calls (x32) behind this bit. */
const X32_BIT = 0x40000000;
/** Every CLONE_NEW… of linux/sched.h; NEWTIME is not a flag of clone(2). */
const NEW_NAMESPACE = 0x7e020000;
const AF_UNIX = 1;
const AF_INET6 = 10;
/** netlink tells programs of their own interfaces. Others, such as AF_VSOCK and AF_ALG, are not bounded by a network namespace. */
const ADDRESS_FAMILIES = [AF_UNIX, AF_INET, AF_INET6, AF_NETLINK];

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, value: number];

const load = (offset: number): Instruction => [LOAD_WORD, 0, 0, offset];
const answer = (value: number): Instruction => [RETURN, 0, 0, value];
const refuse = (errno: number): Instruction => answer(ERRNO | errno);
/** Runs the following `count` instructions only for this value. */
const forValue = (value: number, count: number): Instruction => [JUMP_EQUAL, 0, count, value];

const { EPERM, ENOSYS, EAFNOSUPPORT } = constants.errno;

/**
 * Program of seccomp(2) for what runs in an instance: everything is allowed but `denied` (EPERM), new namespaces by clone(2)
 * (EPERM), clone3(2) whose flags a filter cannot see (ENOSYS: the C library then takes clone), sockets of other families
 * (EAFNOSUPPORT), and the calls of another architecture (EPERM). unshare(2) and setns(2) are for the thread that starts the
 * programs, which is under the filter itself: with `key` as their sixth argument, which the kernel does not look at.
 */
export function seccompFilter(numbers: SystemCallNumbers, key: bigint): Buffer {
  return encode([
    load(ARCH), [JUMP_EQUAL, 1, 0, numbers.auditArch], refuse(EPERM),
    load(NUMBER), [JUMP_GREATER_EQUAL, 0, 1, X32_BIT], refuse(EPERM),
    ...numbers.denied.flatMap((number) => [forValue(number, 1), refuse(EPERM)]),
    ...[numbers.unshare, numbers.setns].flatMap((number) => withKey(number, key)),
    forValue(CLONE3, 1), refuse(ENOSYS),
    forValue(numbers.clone, 4), load(FIRST_ARGUMENT), [JUMP_ANY_BIT, 0, 1, NEW_NAMESPACE], refuse(EPERM), answer(ALLOW),
    forValue(numbers.socket, 2 * ADDRESS_FAMILIES.length + 2), load(FIRST_ARGUMENT),
    ...ADDRESS_FAMILIES.flatMap((family) => [forValue(family, 1), answer(ALLOW)]), refuse(EAFNOSUPPORT),
    answer(ALLOW),
  ]);
}

/** Little-endian, as both processors are. */
const withKey = (number: number, key: bigint): Instruction[] => [
  forValue(number, 6),
  load(LAST_ARGUMENT), [JUMP_EQUAL, 0, 3, Number(key & 0xffffffffn)], load(LAST_ARGUMENT + HALF_BYTES), [JUMP_EQUAL, 0, 1, Number(key >> 32n)], answer(ALLOW),
  refuse(EPERM),
];

/** struct sock_filter: code, two jumps, value. */
function encode(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * INSTRUCTION_BYTES);
  program.forEach(([code, ifTrue, ifFalse, value], index) => {
    const at = index * INSTRUCTION_BYTES;
    bytes.writeUInt16LE(code, at);
    bytes.writeUInt8(ifTrue, at + 2);
    bytes.writeUInt8(ifFalse, at + 3);
    bytes.writeUInt32LE(value >>> 0, at + 4);
  });
  return bytes;
}

export const SECCOMP_INSTRUCTION_BYTES = INSTRUCTION_BYTES;
