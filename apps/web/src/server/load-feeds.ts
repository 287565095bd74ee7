import { EMPTY_DEPLOYMENT } from "./bus/live-state";
import type { LiveBus } from "./bus/live-bus";
import { askedFor, isOpen } from "./services/deployment-state";
import { hostInfo } from "./services/host-service";
import type { Database } from "./store/database";
import { listHosts } from "./store/host-store";
import { findNewestJob } from "./store/job-store";
import { findDocument } from "./store/revision-store";
import { listTopologies } from "./store/topology-store";

/** Feeds of all stored topologies as they were when the server stopped; hosts are away until they connect again. */
export async function loadFeeds({ tables }: Database, bus: LiveBus): Promise<void> {
  const hosts = new Map((await listHosts(tables)).map((host) => [host.id, hostInfo(host, false)]));
  for (const row of await listTopologies(tables)) {
    const reported = row.deployment ?? EMPTY_DEPLOYMENT;
    const newest = await findNewestJob(tables, row.id);
    const desired = newest?.kind === "apply" ? await findDocument(tables, row.id, newest.revision) : null;
    bus.add(row.id, row.hostId, {
      name: row.name,
      revision: row.revision,
      deployment: newest && isOpen(newest) ? askedFor(reported, desired) : reported,
      host: (row.hostId && hosts.get(row.hostId)) || null,
      counters: {},
      log: [],
    });
  }
}
