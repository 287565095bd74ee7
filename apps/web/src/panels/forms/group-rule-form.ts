import { newRuleId } from "@vpclab/shared/topology/ids";
import type { RandomBytes } from "@vpclab/shared/topology/ids";
import type { Direction, Protocol, SecurityGroupRule } from "@vpclab/shared/topology/topology";
import type { RowForm, Texts } from "../grid/row-form";
import { parsePorts, portsText, PORTS_HINT } from "./port-text";
import { PORTS_COLUMN, PROTOCOL_COLUMN } from "./protocol-column";

/** A group that a rule may name, as it is written: `web`, or `vpc2/web` where it is a peered VPC's. */
export interface NamedGroup {
  readonly id: string;
  readonly text: string;
}

const STALE = " (deleted)";
const PEER_HINT = "Write a CIDR like 10.0.0.0/16, or the name of a security group.";

/** Rules of a security group in one direction. A peer is one text: a CIDR or the name of a group, which can never look alike. */
export function groupRuleForm(direction: Direction, groups: readonly NamedGroup[], random: RandomBytes): RowForm<SecurityGroupRule> {
  return {
    columns: [
      PROTOCOL_COLUMN, PORTS_COLUMN,
      { key: "peer", label: direction === "ingress" ? "Source" : "Destination", kind: "text", widthMin: 112, grow: true, mono: true, placeholder: "CIDR or group", suggestions: groups.map(({ text }) => text) },
      { key: "description", label: "Description", kind: "text", widthMin: 200, grow: true, quiet: true, placeholder: "Description" },
    ],
    fresh: { protocol: "tcp", ports: "", peer: "", description: "" },
    textsOf: (rule) => ({ protocol: rule.protocol, ports: portsText(rule.ports), peer: peerText(rule.peer, groups), description: rule.description }),
    parse: (texts, before) => {
      const protocol = (texts.protocol ?? "tcp") as Protocol;
      const ports = parsePorts(texts.ports ?? "", protocol);
      const peer = parsePeer(texts, before, groups);
      if (ports === undefined || peer === null) {
        return { ok: false, errors: { ...(ports === undefined ? { ports: PORTS_HINT } : {}), ...(peer === null ? { peer: PEER_HINT } : {}) } };
      }
      const id = before?.id ?? newRuleId(random);
      return { ok: true, row: { id, direction, protocol, ports, peer, description: (texts.description ?? "").trim() } };
    },
  };
}

function peerText(peer: SecurityGroupRule["peer"], groups: readonly NamedGroup[]): string {
  if ("cidr" in peer) return peer.cidr;
  if ("goneSecurityGroupId" in peer) return peer.goneSecurityGroupId + STALE;
  return groups.find(({ id }) => id === peer.securityGroupId)?.text ?? peer.securityGroupId;
}

/** Null when it is neither a group nor anything like a prefix; whether a prefix is a good one, the document's rules say. */
function parsePeer(texts: Texts, before: SecurityGroupRule | null, groups: readonly NamedGroup[]): SecurityGroupRule["peer"] | null {
  const text = (texts.peer ?? "").trim();
  if (before && text === peerText(before.peer, groups)) return before.peer;
  const group = groups.find((candidate) => candidate.text === text || candidate.id === text);
  if (group) return { securityGroupId: group.id };
  return /^[\d.]+(\/|$)/.test(text) ? { cidr: text } : null;
}
