import type { Counter, Counters } from "@vpclab/shared/wire/live";
import { Breather } from "../kernel/breather";
import type { NamespaceSockets } from "../kernel/namespace-sockets";
import { LINKS } from "../kernel/netlink/links";
import type { NetlinkSocket } from "../kernel/netlink/netlink-socket";
import type { LinkStatistics } from "../kernel/netlink/statistics";
import { STATISTICS } from "../kernel/netlink/statistics";
import type { LinkCount } from "./counter-rates";
import { counterOf, exchange } from "./counter-rates";
import type { CounterTarget } from "./counter-targets";

/** Which watched link has which index, as long as it is there; by socket, because a new namespace has a new one. */
type Indexes = ReadonlyMap<number, CounterTarget | null>;

interface Reading {
  /** `performance.now()`: the wall clock may jump. */
  readonly at: number;
  readonly count: LinkCount;
}

/** Traffic of drawn objects, read from the links of router namespaces: one question to each, over a socket that stays open. */
export class LinkCounters {
  private byNamespace: ReadonlyMap<string, ReadonlyMap<string, CounterTarget>> = new Map();
  private last = new Map<CounterTarget, Reading>();
  private indexes = new WeakMap<NetlinkSocket, Indexes>();

  constructor(private readonly sockets: NamespaceSockets) {}

  /** What to read from now on: replaces what was watched before. A link that goes on being watched keeps its last reading. */
  watch(targets: readonly CounterTarget[]): void {
    const known = new Map([...this.last].map(([target, reading]) => [keyOf(target), reading]));
    this.last = new Map(targets.flatMap((target): [CounterTarget, Reading][] => {
      const reading = known.get(keyOf(target));
      return reading ? [[target, reading]] : [];
    }));
    const byNamespace = new Map<string, Map<string, CounterTarget>>();
    for (const target of targets) {
      const links = byNamespace.get(target.namespace);
      if (links) links.set(target.link, target);
      else byNamespace.set(target.namespace, new Map([[target.link, target]]));
    }
    this.byNamespace = byNamespace;
    this.indexes = new WeakMap();
    this.sockets.keepOnly(new Set(byNamespace.keys()));
  }

  /** Closes the sockets. */
  stop(): void {
    this.watch([]);
  }

  /**
   * One reading of all watched links, by topology and object; rates are over the time since the reading before. Links that
   * are not there are left out.
   */
  async read(): Promise<Record<string, Counters>> {
    const found: Record<string, Record<string, Counter>> = {};
    const breather = new Breather();
    for (const [namespace, targets] of this.byNamespace) {
      await breather.pause();
      const socket = this.sockets.in(namespace);
      if (socket === null) continue;
      const statistics = socket.list(STATISTICS);
      const at = performance.now();
      const indexes = this.indexesOf(socket, statistics, targets);
      for (const raw of statistics) {
        const target = indexes.get(raw.index);
        if (!target) continue;
        const topology = (found[target.topologyId] ??= {});
        topology[target.objectId] = this.count(target, { at, count: target.exchanged ? exchange(raw) : countOf(raw) });
      }
    }
    return found;
  }

  /** Asks for names only when there is a link that was not there before. */
  private indexesOf(socket: NetlinkSocket, statistics: readonly LinkStatistics[], targets: ReadonlyMap<string, CounterTarget>): Indexes {
    const known = this.indexes.get(socket);
    if (known && statistics.every(({ index }) => known.has(index))) return known;
    const found = new Map(socket.list(LINKS).map(({ index, name }) => [index, targets.get(name) ?? null]));
    this.indexes.set(socket, found);
    return found;
  }

  private count(target: CounterTarget, now: Reading): Counter {
    const before = this.last.get(target);
    this.last.set(target, now);
    return counterOf(now.count, before?.count ?? null, before ? (now.at - before.at) / 1000 : 0);
  }
}

const countOf = ({ rxBytes, rxPackets, txBytes, txPackets }: LinkCount): LinkCount => ({ rxBytes, rxPackets, txBytes, txPackets });

const keyOf = (target: CounterTarget): string => `${target.namespace}\0${target.link}`;
