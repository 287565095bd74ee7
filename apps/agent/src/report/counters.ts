import { readFile } from "node:fs/promises";
import type { Counter, Counters } from "@vpclab/shared/wire/live";
import type { CommandRunner } from "../host/command-runner";
import type { IdMaps } from "../host/id-maps";
import type { LinkCount } from "./counter-rates";
import { counterOf, exchange, parseNetDev } from "./counter-rates";
import type { CounterTarget } from "./counter-targets";
import { Holders } from "./holders";

interface Reading {
  /** `performance.now()`: the wall clock may jump. */
  readonly at: number;
  readonly count: LinkCount;
}

/** Traffic of drawn objects, read from the links of router namespaces without starting a process for a reading. */
export class LinkCounters {
  private targets: readonly CounterTarget[] = [];
  private readonly last = new Map<string, Reading>();
  private readonly holders: Holders;

  constructor(options: { readonly runner: CommandRunner; readonly idMaps: IdMaps }) {
    this.holders = new Holders(options);
  }

  /** What to read from now on: replaces what was watched before. */
  watch(targets: readonly CounterTarget[]): void {
    this.targets = targets;
    this.holders.keepOnly(new Set(targets.map((target) => target.namespace)));
    const keys = new Set(targets.map(keyOf));
    for (const key of this.last.keys()) if (!keys.has(key)) this.last.delete(key);
  }

  /** Ends the holders. */
  stop(): void {
    this.watch([]);
  }

  /** Waits until every watched namespace that exists can be read. */
  async ready(): Promise<void> {
    await Promise.all([...new Set(this.targets.map((target) => target.namespace))].map((name) => this.holders.ready(name)));
  }

  /**
   * One reading of all watched links, by topology and object; rates are over the time since the reading before. Links that
   * are not there are left out.
   */
  async read(): Promise<Record<string, Counters>> {
    const byNamespace = new Map<string, CounterTarget[]>();
    for (const target of this.targets) byNamespace.set(target.namespace, [...(byNamespace.get(target.namespace) ?? []), target]);
    const found: Record<string, Record<string, Counter>> = {};
    await Promise.all([...byNamespace].map(async ([namespace, targets]) => {
      const counts = await this.readNamespace(namespace);
      const at = performance.now();
      for (const target of targets) {
        const raw = counts?.get(target.link);
        if (!raw) continue;
        const topology = (found[target.topologyId] ??= {});
        topology[target.objectId] = this.count(target, { at, count: target.exchanged ? exchange(raw) : raw });
      }
    }));
    return found;
  }

  private count(target: CounterTarget, now: Reading): Counter {
    const key = keyOf(target);
    const before = this.last.get(key);
    this.last.set(key, now);
    return counterOf(now.count, before?.count ?? null, before ? (now.at - before.at) / 1000 : 0);
  }

  private async readNamespace(namespace: string): Promise<Map<string, LinkCount> | null> {
    const pid = this.holders.pidIn(namespace);
    if (pid === null) return null;
    try {
      return parseNetDev(await readFile(`/proc/${pid}/net/dev`, "utf8"));
    } catch {
      // It has just ended; the next reading starts another.
      return null;
    }
  }
}

const keyOf = (target: CounterTarget): string => `${target.namespace}\0${target.link}`;
