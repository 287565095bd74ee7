import { AppError } from "@vpclab/shared/errors/app-error";
import type { Tables } from "../store/database";
import { findTopology, findTopologyLocked } from "../store/topology-store";
import type { TopologyRow } from "../store/topology-store";
import { AuditScope } from "./audit-scope";
import type { Actor } from "./services";

/** Roles whose users work with everybody's topologies; all others with their own. */
const WORKS_WITH_ALL: Record<Actor["role"], boolean> = { admin: true };

export const worksWithAll = (actor: Actor): boolean => WORKS_WITH_ALL[actor.role];

export const mayUse = (actor: Actor, topology: Pick<TopologyRow, "ownerId">): boolean =>
  worksWithAll(actor) || topology.ownerId === actor.id;

/** A topology that the actor may use. One of somebody else is answered like one that does not exist. Throws NOT_FOUND. */
export const findFor = async (tables: Tables, actor: Actor, id: string): Promise<TopologyRow> =>
  usable(actor, await findTopology(tables, id));

/** Like `findFor`; nobody else changes the row until the transaction ends. Only inside of one. */
export const lockFor = async (tables: Tables, actor: Actor, id: string): Promise<TopologyRow> =>
  usable(actor, await findTopologyLocked(tables, id));

export const noSuchTopology = (): AppError => new AppError("NOT_FOUND", "There is no such topology; it may have been deleted.");

function usable(actor: Actor, row: TopologyRow | null): TopologyRow {
  if (!row || !mayUse(actor, row)) throw noSuchTopology();
  AuditScope.current()?.noteObject({ kind: "topology", id: row.id, name: row.name }, row.revision);
  return row;
}
