import type { HostTopology } from "@vpclab/shared/wire/host-report";
import type { ObjectState } from "@vpclab/shared/wire/live";
import Link from "next/link";
import { formatAgo } from "../../ui/format-ago";
import { StateMark } from "../../ui/state-mark";
import { topologyWords } from "./topology-words";

interface HostTopologiesProps {
  readonly topologies: readonly HostTopology[];
  readonly online: boolean;
  /** By the server's clock, milliseconds. */
  readonly now: number;
}

const MARKS: Readonly<Record<string, ObjectState>> = { "in-place": "in-place", failed: "failed", drifted: "drifted", applying: "applying", stopped: "pending" };

/** What is on a host, what was applied there last and when, and what waits for it. */
export function HostTopologies({ topologies, online, now }: HostTopologiesProps) {
  if (topologies.length === 0) return <p className="text-sm text-muted">No topology is on it.</p>;
  return (
    <ul aria-label="Topologies" className="flex flex-col gap-1 text-sm">
      {topologies.map((topology) => (
        <li key={topology.id} className="flex items-baseline gap-2">
          <StateMark state={topology.waiting && !online ? "pending" : topology.returned ? "drifted" : MARKS[topology.state ?? ""] ?? "absent"} size={10} />
          <Link href={`/t/${topology.id}`} className="truncate font-medium underline-offset-2 hover:underline">{topology.name}</Link>
          <span className="text-muted">{topologyWords(topology, online)}</span>
          {topology.appliedAt === null ? null : <span className="ml-auto shrink-0 text-xs text-muted">applied {formatAgo(topology.appliedAt, now)}</span>}
        </li>
      ))}
    </ul>
  );
}
