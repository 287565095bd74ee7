import { cidrFrom, overlaps } from "../net/cidr";
import { networkAclOf } from "../topology/effective";
import type { Direction, NetworkAcl, NetworkAclEntry, Topology } from "../topology/topology";
import { LIMITS } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import type { Hint, HintFix } from "./hint";
import { plainFix } from "./hint";

/** Where Linux takes its source ports from: answers go there. */
const LINUX_EPHEMERAL = { from: 32768, to: 60999 };
/** What AWS recommends to open for answers: whatever the client is. */
const ANY_EPHEMERAL = { from: 1024, to: 65535 };
const OTHER: Record<Direction, Direction> = { ingress: "egress", egress: "ingress" };
const NUMBER_MAX = 32766;

/** ACLs in use that let a question through and none of its answers: they are stateless, so answers need an entry of their own. */
export function aclHints(doc: Topology, index: TopologyIndex): Hint[] {
  const inUse = new Set(doc.subnets.map((subnet) => networkAclOf(index, subnet).id));
  return doc.networkAcls.flatMap((acl, i): Hint[] => {
    if (!inUse.has(acl.id)) return [];
    const told = new Set<string>();
    return acl.entries.flatMap((entry, j): Hint[] => {
      const about = `${entry.direction} ${entry.protocol} ${entry.cidr}`;
      if (!asks(entry) || told.has(about) || acl.entries.some((other) => mayAnswer(other, entry))) return [];
      told.add(about);
      const way = entry.direction === "ingress" ? "out" : "in";
      return [{
        code: "ACL_NO_ANSWERS", objectId: acl.id, path: ["networkAcls", i, "entries", j],
        message: `${entry.direction} ${entry.number} lets ${entry.protocol} through, but no answers to ${entry.cidr}: nothing lets the ephemeral ports ${way}; allow ${entry.protocol} ${ANY_EPHEMERAL.from}–${ANY_EPHEMERAL.to} ${way}.`,
        fix: allowAnswers(acl, entry),
      }];
    });
  });
}

/** About ports on which something listens; an entry for ephemeral ports is itself one for answers. */
const asks = ({ action, protocol, ports }: NetworkAclEntry): boolean =>
  action === "allow" && (protocol === "tcp" || protocol === "udp") && ports !== null && ports.to < LINUX_EPHEMERAL.from;

const mayAnswer = (other: NetworkAclEntry, question: NetworkAclEntry): boolean =>
  other.direction === OTHER[question.direction] && other.action === "allow" && (other.protocol === "all" || other.protocol === question.protocol) &&
  (other.ports === null || (other.ports.from <= LINUX_EPHEMERAL.to && other.ports.to >= LINUX_EPHEMERAL.from)) &&
  overlaps(cidrFrom(other.cidr), cidrFrom(question.cidr));

function allowAnswers(acl: NetworkAcl, { direction, protocol, cidr }: NetworkAclEntry): HintFix | null {
  const way = OTHER[direction];
  const there = acl.entries.filter((entry) => entry.direction === way);
  const number = freeNumber(there);
  if (number === null || there.length >= LIMITS.entriesPerAclAndDirection) return null;
  const answers: NetworkAclEntry = { direction: way, number, action: "allow", protocol, ports: ANY_EPHEMERAL, cidr };
  return plainFix("Allow the answers", { op: "update", kind: "network-acl", id: acl.id, set: { entries: [...acl.entries, answers] } });
}

/** Before the first entry that denies, so that it is not hidden by it; else behind all, in tens. */
function freeNumber(entries: readonly NetworkAclEntry[]): number | null {
  const taken = new Set(entries.map((entry) => entry.number));
  const firstDeny = Math.min(...entries.filter(({ action }) => action === "deny").map((entry) => entry.number));
  let number = Number.isFinite(firstDeny) ? firstDeny - 1 : Math.max(90, ...taken) + 10;
  while (number >= 1 && (taken.has(number) || number > NUMBER_MAX)) number--;
  return number >= 1 ? number : null;
}
