import type { Direction, NetworkAclEntry, Protocol } from "@vpclab/shared/topology/topology";
import type { RowForm } from "../grid/row-form";
import { ACTION_COLUMN, actionOf } from "./action-column";
import { cidrColumn } from "./cidr-column";
import { parsePorts, portsText, PORTS_HINT } from "./port-text";
import { PORTS_COLUMN, PROTOCOL_COLUMN } from "./protocol-column";

/** AWS's own step: leaves room between two entries. */
const NUMBER_STEP = 100;
const NUMBER_MAX = 32766;
const NUMBER_HINT = `Write a whole number from 1 to ${NUMBER_MAX}.`;
const ANY = "0.0.0.0/0";

/** Entries of a network ACL in one direction. */
export function aclEntryForm(direction: Direction, entries: readonly NetworkAclEntry[]): RowForm<NetworkAclEntry> {
  return {
    columns: [
      { key: "number", label: "Number", kind: "text", widthMin: 56, mono: true },
      ACTION_COLUMN, PROTOCOL_COLUMN, PORTS_COLUMN, cidrColumn(direction),
    ],
    fresh: { number: String(nextEntryNumber(direction, entries)), action: "allow", protocol: "all", ports: "", cidr: ANY },
    textsOf: (entry) => ({ number: String(entry.number), action: entry.action, protocol: entry.protocol, ports: portsText(entry.ports), cidr: entry.cidr }),
    parse: (texts) => {
      const protocol = (texts.protocol ?? "all") as Protocol;
      const ports = parsePorts(texts.ports ?? "", protocol);
      const number = (texts.number ?? "").trim();
      const isNumber = /^[1-9]\d{0,5}$/.test(number);
      if (ports === undefined || !isNumber) {
        return { ok: false, errors: { ...(ports === undefined ? { ports: PORTS_HINT } : {}), ...(isNumber ? {} : { number: NUMBER_HINT }) } };
      }
      return { ok: true, row: { direction, number: Number(number), action: actionOf(texts.action), protocol, ports, cidr: (texts.cidr ?? "").trim() } };
    },
  };
}

/** The next hundred after the highest number, or the lowest free one when there is none. */
export function nextEntryNumber(direction: Direction, entries: readonly NetworkAclEntry[]): number {
  const taken = new Set(entries.filter((entry) => entry.direction === direction).map(({ number }) => number));
  const next = (Math.floor(Math.max(0, ...taken) / NUMBER_STEP) + 1) * NUMBER_STEP;
  if (next <= NUMBER_MAX) return next;
  let free = 1;
  while (taken.has(free)) free += 1;
  return free;
}

/** In the order in which they are judged; ingress before egress, so that a document reads the same however it came about. */
export const sortedEntries = (entries: readonly NetworkAclEntry[]): NetworkAclEntry[] =>
  [...entries].sort((a, b) => Number(a.direction === "egress") - Number(b.direction === "egress") || a.number - b.number);
