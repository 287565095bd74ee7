import { AppError } from "@vpclab/shared/errors/app-error";
import type { Tables } from "../store/database";
import { findNewestJob, wasEverSent } from "../store/job-store";
import type { TopologyRow } from "../store/topology-store";

/**
 * Throws IN_USE while a topology stands, or may stand, on its host: from the first time a job was sent until a teardown was carried
 * out. `what`: what the person wanted to do.
 */
export async function refuseWhileDeployed(tables: Tables, row: Pick<TopologyRow, "id" | "name">, what: string): Promise<void> {
  const newest = await findNewestJob(tables, row.id);
  if (!newest || (newest.kind === "teardown" && newest.state === "applied")) return;
  if (!(await wasEverSent(tables, row.id))) return;
  throw new AppError("IN_USE", `“${row.name}” is deployed on its host. Tear it down before you ${what}.`);
}
