import { AppError } from "@vpclab/shared/errors/app-error";
import type { HostInfo } from "@vpclab/shared/wire/live";
import type { Database } from "../store/database";
import type { LiveBus } from "../bus/live-bus";
import { findHost, listHosts } from "../store/host-store";
import type { HostRow } from "../store/host-store";
import { mustBeAllowed } from "./access";
import type { AgentLink } from "./agent-link";
import type { Actor, HostService } from "./services";

export class Hosts implements HostService {
  constructor(
    private readonly database: Database,
    private readonly agents: Pick<AgentLink, "isOnline">,
  ) {}

  async list(actor: Actor): Promise<readonly HostInfo[]> {
    mustBeAllowed(actor, "viewHosts");
    const hosts = await listHosts(this.database.tables);
    return hosts.filter(({ state }) => state === "approved" || state === "locked").map((host) => hostInfo(host, this.agents.isOnline(host.id)));
  }
}

export const hostInfo = (host: HostRow, online: boolean): HostInfo => ({
  id: host.id,
  name: host.name,
  state: host.state,
  online,
  mode: host.mode,
  kernel: host.kernel,
  version: host.version,
  publicPool: host.publicPool,
  lastSeenAt: host.lastSeenAt?.getTime() ?? null,
});

/** Tells everybody who looks at its topologies. Whether it is online is asked last: meanwhile a connection may have come or gone. */
export async function publishHost(database: Database, bus: LiveBus, agents: Pick<AgentLink, "isOnline">, hostId: string): Promise<HostRow | null> {
  const host = await findHost(database.tables, hostId);
  if (host) bus.publishHost(hostInfo(host, agents.isOnline(hostId)));
  return host;
}

/** Where new topologies go: the server's own host, else the first that was approved. */
export function defaultHost(hosts: readonly HostRow[]): HostRow | null {
  const approved = hosts.filter((host) => host.state === "approved");
  return approved.find((host) => host.local) ?? approved[0] ?? null;
}

export const hostOffline = (what: string): AppError =>
  new AppError("HOST_OFFLINE", `The host is not connected, so ${what}. Start its agent and try again.`);
