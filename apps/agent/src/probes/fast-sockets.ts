import { inNamespace } from "../host/in-namespace";
import {
  bind, listen, setOption, SystemCallError, SO_LINGER, SOCK_DGRAM, SOCK_NONBLOCK, SOCK_RAW, SOCK_STREAM, socket, AF_INET, SOL_SOCKET,
} from "../host/libc";
import { socketAddress } from "../host/socket-address";
import type { SentProbe, ProbePlace, ProbeTarget } from "./fast-probe";

const IPPROTO_ICMP = 1;
const SOL_IP = 0;
/** Reports every ICMP error, not only those that end a connection (man 7 ip). */
const IP_RECVERR = 11;
const SOL_RAW = 255;
/** Bit mask of ICMP types that a raw socket is *not* given (man 7 raw). */
const ICMP_FILTER = 1;
const ECHO_REQUEST = 8;
const BACKLOG = 256;

type Protocol = SentProbe["protocol"];
/** Type and protocol of socket(2). An icmp receiver only looks on: the kernel itself answers. It needs CAP_NET_RAW. */
const SENDERS: Record<Protocol, readonly [number, number]> = { icmp: [SOCK_DGRAM, IPPROTO_ICMP], tcp: [SOCK_STREAM, 0], udp: [SOCK_DGRAM, 0] };
const RECEIVERS: Record<Protocol, readonly [number, number]> = { icmp: [SOCK_RAW, IPPROTO_ICMP], tcp: [SOCK_STREAM, 0], udp: [SOCK_DGRAM, 0] };

/** Takes packets with their IP header (man 7 raw). */
const FORGER = [SOCK_RAW, 255] as const;

/** Probes with the same key are received by the same socket. */
export const receiverKey = ({ protocol, target }: SentProbe): string | null =>
  target && `${target.namespace ?? ""} ${protocol} ${target.address}:${protocol === "icmp" ? 0 : target.port}`;

export interface Receiver {
  readonly fd: number;
  readonly protocol: Protocol;
}

export interface OpenSockets {
  /** In the order of the probes; bound, not yet connected. */
  readonly senders: readonly number[];
  /** By `receiverKey`; tcp sockets listen. Without those whose port is taken. */
  readonly receivers: ReadonlyMap<string, Receiver>;
  /** Everything that was opened so far; complete even when opening failed half-way. */
  readonly opened: number[];
}

type Received = Pick<SentProbe, "protocol"> & { readonly target: ProbeTarget };

interface Wish {
  readonly place: ProbePlace;
  readonly open: () => void;
}

/** Opens what a batch needs, with one visit to each namespace. `opened` is filled as it goes: the caller closes it. */
export function openSockets(probes: readonly SentProbe[], opened: number[]): OpenSockets {
  const senders: number[] = [];
  const receivers = new Map<string, Receiver>();
  const received = new Map<string, Received>();
  const wishes: Wish[] = [];
  const open = ([type, protocol]: readonly [number, number]): number => {
    const fd = socket(AF_INET, type | SOCK_NONBLOCK, protocol);
    opened.push(fd);
    return fd;
  };
  for (const [index, probe] of probes.entries()) {
    wishes.push({ place: probe.source, open: () => { senders[index] = open(probe.forgedSource === undefined ? SENDERS[probe.protocol] : FORGER); } });
    const key = receiverKey(probe);
    const { target } = probe;
    if (key === null || target === null || received.has(key)) continue;
    received.set(key, { protocol: probe.protocol, target });
    wishes.push({ place: target, open: () => void receivers.set(key, { fd: open(RECEIVERS[probe.protocol]), protocol: probe.protocol }) });
  }
  for (const [namespace, here] of byNamespace(wishes)) inNamespace(namespace, () => here.forEach((wish) => wish.open()));
  // A socket stays in its namespace for life: the rest is done from outside.
  for (const [key, receiver] of received) if (!prepareReceiver(receiver, receivers.get(key)?.fd ?? -1)) receivers.delete(key);
  probes.forEach((probe, index) => prepareSender(probe, senders[index] ?? -1));
  return { senders, receivers, opened };
}

function byNamespace(wishes: readonly Wish[]): Map<string | null, Wish[]> {
  const groups = new Map<string | null, Wish[]>();
  for (const wish of wishes) {
    const group = groups.get(wish.place.namespace);
    if (group) group.push(wish);
    else groups.set(wish.place.namespace, [wish]);
  }
  return groups;
}

/** False: its port is taken, and whoever has it may answer. */
function prepareReceiver({ protocol, target }: Received, fd: number): boolean {
  if (protocol === "icmp") return (setOption(fd, SOL_RAW, ICMP_FILTER, ~(1 << ECHO_REQUEST)), true);
  try {
    bind(fd, socketAddress(target.address, target.port));
  } catch (error) {
    if (target.unlessTaken && error instanceof SystemCallError && error.code === "EADDRINUSE") return false;
    throw error;
  }
  if (protocol === "tcp") listen(fd, BACKLOG);
  return true;
}

function prepareSender({ protocol, source, sourcePort, forgedSource }: SentProbe, fd: number): void {
  if (forgedSource !== undefined) return;
  // Closing sends a reset: no entry of connection tracking and no TIME_WAIT outlives the probe by more than seconds.
  if (protocol === "tcp") setOption(fd, SOL_SOCKET, SO_LINGER, Buffer.from(new Int32Array([1, 0]).buffer));
  else setOption(fd, SOL_IP, IP_RECVERR, 1);
  bind(fd, socketAddress(source.address, sourcePort));
}
