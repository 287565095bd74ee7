import { changeLine } from "@vpclab/shared/topology/change-line";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { LiveBus } from "../bus/live-bus";
import type { Tables } from "../store/database";
import { dropOldRevisions } from "../store/revision-store";
import { findTopologyLocked, lockPeerings, saveRevision } from "../store/topology-store";
import type { TopologyRow } from "../store/topology-store";
import { AuditScope } from "./audit-scope";
import { followed, topologiesToFollow } from "./remote-peerings";
import type { Actor } from "./services";

/** A revision that was written, to be told to everybody once the transaction has ended. */
export interface WrittenRevision {
  readonly topologyId: string;
  readonly revision: number;
}

/**
 * Writes the next revision of a topology and, in the same transaction, of each one whose peerings with it no longer fit. Null:
 * somebody else saved first, nothing is written.
 */
export async function saveWithPeers(tables: Tables, actor: Actor, row: TopologyRow, document: Topology): Promise<WrittenRevision[] | null> {
  const peers = topologiesToFollow(row.document, document);
  if (peers.size > 0) await lockPeerings(tables);
  const written = await saveNext(tables, actor, row, document);
  return written && [written, ...(await follow(tables, actor, { ...row, document }, peers))];
}

/** Brings other topologies in line with what `topology` is now; `document: null` once it is removed. Only after `lockPeerings`. */
export async function follow(
  tables: Tables, actor: Actor, topology: Pick<TopologyRow, "id" | "name"> & { readonly document: Topology | null }, peers: Iterable<string>,
): Promise<WrittenRevision[]> {
  const written: WrittenRevision[] = [];
  for (const id of peers) {
    const row = await findTopologyLocked(tables, id);
    const document = row && followed(row.document, id, topology);
    const next = document && (await saveNext(tables, actor, row, document));
    if (next) written.push(next);
  }
  return written;
}

/** Writes the next revision, if `row` is still the newest one. */
export async function saveNext(tables: Tables, actor: Actor, row: TopologyRow, document: Topology): Promise<WrittenRevision | null> {
  const saved = await saveRevision(tables, row.id, row.revision, { document, authorId: actor.id, summary: changeLine(row.document, document) });
  if (saved) AuditScope.current()?.noteRevision(row.id, row.revision + 1);
  if (saved) await dropOldRevisions(tables, row.id, row.revision + 1);
  return saved ? { topologyId: row.id, revision: row.revision + 1 } : null;
}

/** Tells everybody who looks at the topologies; `clientId` is the tab whose own save the first one was. */
export function announce(bus: LiveBus, actor: Actor, written: readonly WrittenRevision[], clientId: string | null = null): void {
  for (const [i, { topologyId, revision }] of written.entries()) {
    bus.feed(topologyId)?.publish({ type: "revision", revision, author: actor.name, clientId: i === 0 ? clientId : null });
  }
}
