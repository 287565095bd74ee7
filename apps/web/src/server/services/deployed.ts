import { AppError } from "@vpclab/shared/errors/app-error";
import type { Tables } from "../store/database";
import { findHost } from "../store/host-store";
import { findNewestJob, wasEverSent } from "../store/job-store";
import type { TopologyRow } from "../store/topology-store";

/** Nothing can be torn down on a host that obeys this server no more. */
export const isRevoked = async (tables: Tables, hostId: string | null): Promise<boolean> =>
  hostId !== null && (await findHost(tables, hostId))?.state === "revoked";

/**
 * Throws IN_USE while a topology stands, or may stand, on a host that this server reaches: from the first time a job was sent until a
 * teardown was carried out, or the host was revoked. `what`: what the person wanted to do.
 */
export async function refuseWhileDeployed(tables: Tables, row: Pick<TopologyRow, "id" | "name" | "hostId">, what: string): Promise<void> {
  if (await isRevoked(tables, row.hostId)) return;
  const newest = await findNewestJob(tables, row.id);
  if (!newest || (newest.kind === "teardown" && newest.state === "applied")) return;
  if (!(await wasEverSent(tables, row.id))) return;
  throw new AppError("IN_USE", `“${row.name}” is deployed on its host. Tear it down before you ${what}.`);
}
