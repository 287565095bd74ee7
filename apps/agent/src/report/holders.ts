import { setTimeout as delay } from "node:timers/promises";
import type { CommandRunner, LongChild } from "../host/command-runner";
import type { IdMaps } from "../host/id-maps";
import { lookUpNetns, netnsPath } from "../host/netns";
import { netnsInodeOf } from "../host/processes";
import { unprivilegedArgs } from "../host/unprivileged";

const ENTER_TIMEOUT_MS = 2_000;
const POLL_MS = 5;

interface Holder {
  readonly child: LongChild;
  readonly inode: number;
}

/**
 * One sleeping process per namespace, without rights, through whose /proc entry the namespace's counters can be read at the
 * price of a file. It ends with the agent (the kernel sees to that), and a namespace's deletion ends it too.
 */
export class Holders {
  private readonly holders = new Map<string, Holder>();
  private readonly starting = new Map<string, Promise<void>>();
  private wanted: ReadonlySet<string> = new Set();

  constructor(private readonly options: { readonly runner: CommandRunner; readonly idMaps: IdMaps }) {}

  /** Pid of a process that lives in the namespace now; null while there is none (it is being started, if the namespace exists). */
  pidIn(namespace: string): number | null {
    const inode = lookUpNetns(namespace);
    const holder = this.holders.get(namespace);
    // The pid may be somebody else's by now, and the name may stand for a new namespace.
    if (holder && holder.inode === inode && netnsInodeOf(holder.child.pid) === inode) return holder.child.pid;
    if (holder) this.end(namespace);
    if (typeof inode === "number" && this.wanted.has(namespace)) void this.start(namespace, inode);
    return null;
  }

  /** Starts a holder and waits until it is inside; nothing to do when there is one. */
  async ready(namespace: string): Promise<void> {
    if (this.pidIn(namespace) === null) await this.starting.get(namespace);
  }

  /** The namespaces that may have holders from now on; those of all others end. */
  keepOnly(namespaces: ReadonlySet<string>): void {
    this.wanted = namespaces;
    for (const namespace of [...this.holders.keys()]) if (!namespaces.has(namespace)) this.end(namespace);
  }

  private end(namespace: string): void {
    this.holders.get(namespace)?.child.kill();
    this.holders.delete(namespace);
  }

  private start(namespace: string, inode: number): Promise<void> {
    const known = this.starting.get(namespace);
    if (known) return known;
    const started = this.enter(namespace, inode).finally(() => this.starting.delete(namespace));
    this.starting.set(namespace, started);
    return started;
  }

  /** Never throws: where a holder cannot be started there are no counters, and the next reading tries again. */
  private async enter(namespace: string, inode: number): Promise<void> {
    try {
      const child = await this.options.runner.start({
        file: "nsenter",
        args: [`--net=${netnsPath(namespace)}`, "--", "setpriv", ...unprivilegedArgs(this.options.idMaps, { dieWithParent: true }), "sleep", "infinity"],
        life: "tied",
      });
      const deadline = performance.now() + ENTER_TIMEOUT_MS;
      while (netnsInodeOf(child.pid) !== inode) {
        if (performance.now() > deadline) return child.kill();
        await delay(POLL_MS);
      }
      // The namespace may have been deleted, or given up, while it started: then it must not keep it alive.
      if (!this.wanted.has(namespace) || lookUpNetns(namespace) !== inode) return child.kill();
      this.holders.set(namespace, { child, inode });
    } catch {
      return;
    }
  }
}
