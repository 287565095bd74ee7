import { didYouMean } from "../file/nearest-word";
import type { Direction, Protocol } from "../topology/topology";
import { printable } from "../topology/printable";

/** The words of the older tools' policies, and of the packet filters that they were made for. */
const ACTIONS: Partial<Record<string, "allow" | "deny">> = {
  allow: "allow", accept: "allow", permit: "allow", deny: "deny", drop: "deny", reject: "deny", block: "deny",
};
const PROTOCOLS: Partial<Record<string, Protocol>> = { tcp: "tcp", udp: "udp", icmp: "icmp", all: "all", any: "all", "*": "all" };

export const actionOf = (word: string): "allow" | "deny" | null => (Object.hasOwn(ACTIONS, word.toLowerCase()) ? (ACTIONS[word.toLowerCase()] ?? null) : null);
export const protocolOf = (word: string): Protocol | null => (Object.hasOwn(PROTOCOLS, word.toLowerCase()) ? (PROTOCOLS[word.toLowerCase()] ?? null) : null);

/** A default may also be called by its mode. */
const MODES: Partial<Record<string, "allow" | "deny">> = { permissive: "allow", restrictive: "deny" };
export const defaultActionOf = (word: string): "allow" | "deny" | null => (Object.hasOwn(MODES, word.toLowerCase()) ? (MODES[word.toLowerCase()] ?? null) : actionOf(word));

const DIRECTIONS: Partial<Record<string, Direction>> = { ingress: "ingress", inbound: "ingress", in: "ingress", egress: "egress", outbound: "egress", out: "egress" };
export const directionOf = (word: string): Direction | null => (Object.hasOwn(DIRECTIONS, word.toLowerCase()) ? (DIRECTIONS[word.toLowerCase()] ?? null) : null);

/** An answer to a client that is refused at once is not what the lab sends; what is lost is the same. */
export const isReject = (word: string): boolean => word.toLowerCase() === "reject";

/** A rule that only writes a line decides nothing. */
export const isLog = (word: unknown): boolean => typeof word === "string" && word.toLowerCase() === "log";

export const unknownAction = (word: string): string => `“${printable(word)}” is no action; use allow or deny.${didYouMean(word, Object.keys(ACTIONS))}`;
export const unknownProtocol = (word: string): string => `“${printable(word)}” is no protocol; use tcp, udp, icmp or all.${didYouMean(word, Object.keys(PROTOCOLS))}`;
