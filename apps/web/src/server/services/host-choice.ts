import { AppError } from "@vpclab/shared/errors/app-error";
import type { LiveBus } from "../bus/live-bus";
import { EMPTY_DEPLOYMENT } from "../bus/live-state";
import type { Database } from "../store/database";
import { findHost } from "../store/host-store";
import { moveTopology } from "../store/topology-store";
import { lockFor } from "./access";
import { recordOwn } from "./activity-recorder";
import type { AgentLink } from "./agent-link";
import { isRevoked, refuseWhileDeployed } from "./deployed";
import type { Deployments } from "./deployment-service";
import { hostInfo } from "./host-service";
import type { Actor, HostChoiceService } from "./services";

/** On which host a topology is made real: chosen by its owner, while nothing of it stands anywhere that this server can reach. */
export class HostChoice implements HostChoiceService {
  constructor(
    private readonly database: Database,
    private readonly bus: LiveBus,
    private readonly agents: Pick<AgentLink, "isOnline">,
    private readonly deployments: Pick<Deployments, "dispatch">,
  ) {}

  async choose(actor: Actor, { id, hostId }: { id: string; hostId: string }): Promise<{ id: string }> {
    const { host, row, left } = await this.database.transaction(async (tables) => {
      const row = await lockFor(tables, actor, "deploy", id);
      const host = await findHost(tables, hostId);
      if (!host) throw new AppError("NOT_FOUND", "There is no such host; it may have been removed.");
      if (host.state !== "approved") throw new AppError("CONFLICT", `“${host.name}” is ${host.state}; choose another host.`);
      if (row.hostId === hostId) return { host, row: null, left: false };
      const left = await isRevoked(tables, row.hostId);
      await refuseWhileDeployed(tables, row, "choose another host for it");
      await moveTopology(tables, id, hostId);
      return { host, row, left };
    });
    if (!row) return { id };
    this.bus.assign(id, hostId);
    const feed = this.bus.feed(id);
    feed?.publish({ type: "host", host: hostInfo(host, this.agents.isOnline(hostId)) });
    feed?.publish({ type: "deployment", deployment: EMPTY_DEPLOYMENT });
    await recordOwn(this.database, this.bus, actor, { topology: row, action: "move", text: `Host “${host.name}” chosen` });
    // What stood on a host that is lost stands on this one now.
    if (left) await this.deployments.dispatch(id, true);
    return { id };
  }
}
