import { randomBytes } from "node:crypto";
import type { HostInfo, LogLine } from "@vpclab/shared/wire/live";
import type { LiveState } from "./live-state";
import { TopologyFeed } from "./topology-feed";

interface Member {
  readonly feed: TopologyFeed;
  hostId: string | null;
}

/** The feeds of all topologies of this server. */
export class LiveBus {
  readonly #bootId = randomBytes(6).toString("hex");
  readonly #members = new Map<string, Member>();

  add(topologyId: string, hostId: string | null, state: LiveState): void {
    this.#members.set(topologyId, { feed: new TopologyFeed(this.#bootId, state), hostId });
  }

  feed(topologyId: string): TopologyFeed | null {
    return this.#members.get(topologyId)?.feed ?? null;
  }

  /** The feed of a topology, if it belongs to this host: what an agent says about another host's topologies is not heard. */
  feedOn(hostId: string, topologyId: string): TopologyFeed | null {
    const member = this.#members.get(topologyId);
    return member && member.hostId === hostId ? member.feed : null;
  }

  assign(topologyId: string, hostId: string): void {
    const member = this.#members.get(topologyId);
    if (member) member.hostId = hostId;
  }

  remove(topologyId: string): void {
    const member = this.#members.get(topologyId);
    this.#members.delete(topologyId);
    member?.feed.publish({ type: "removed" });
  }

  /** Tells everybody who looks at a topology of this host how the host is. */
  publishHost(host: HostInfo): void {
    for (const { feed, hostId } of this.#members.values()) if (hostId === host.id) feed.publish({ type: "host", host });
  }

  /** Tells everybody who looks at a topology of this host something that concerns all of them. */
  publishLog(hostId: string, line: LogLine): void {
    for (const { feed, hostId: of } of this.#members.values()) if (of === hostId) feed.publish({ type: "log", line });
  }
}
