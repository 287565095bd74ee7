import { join } from "node:path";
import { z } from "zod";
import { DurableFile } from "./durable-file";

const LedgerSchema = z.strictObject({ namespaces: z.record(z.string().max(255), z.string().max(64)) });

/**
 * Which namespaces this agent is about to make, or made: name → topology. Written *before* a namespace is created, so that
 * one which a crash left without its mark is still known as ours.
 */
export class NamespaceLedger {
  readonly #file: DurableFile<z.infer<typeof LedgerSchema>>;
  #topologyOf: ReadonlyMap<string, string>;

  private constructor(file: DurableFile<z.infer<typeof LedgerSchema>>, topologyOf: ReadonlyMap<string, string>) {
    this.#file = file;
    this.#topologyOf = topologyOf;
  }

  static async open(stateDir: string): Promise<NamespaceLedger> {
    const file = new DurableFile(join(stateDir, "namespaces.json"), LedgerSchema);
    const stored = await file.read();
    return new NamespaceLedger(file, new Map(Object.entries(stored?.namespaces ?? {})));
  }

  topologyOf(namespace: string): string | null {
    return this.#topologyOf.get(namespace) ?? null;
  }

  topologyIds(): string[] {
    return [...new Set(this.#topologyOf.values())];
  }

  namespacesOf(topologyId: string): string[] {
    return [...this.#topologyOf].filter(([, owner]) => owner === topologyId).map(([namespace]) => namespace);
  }

  /** Writes only when something is new. */
  async add(topologyId: string, namespaces: readonly string[]): Promise<void> {
    const missing = namespaces.filter((namespace) => this.#topologyOf.get(namespace) !== topologyId);
    if (missing.length > 0) await this.#write(new Map([...this.#topologyOf, ...missing.map((namespace) => [namespace, topologyId] as const)]));
  }

  /** Forgets namespaces that were seen to be gone. */
  async remove(topologyId: string, namespaces: readonly string[]): Promise<void> {
    const gone = new Set(namespaces);
    const left = new Map([...this.#topologyOf].filter(([namespace, owner]) => owner !== topologyId || !gone.has(namespace)));
    if (left.size !== this.#topologyOf.size) await this.#write(left);
  }

  async #write(topologyOf: ReadonlyMap<string, string>): Promise<void> {
    await this.#file.write({ namespaces: Object.fromEntries(topologyOf) });
    this.#topologyOf = topologyOf;
  }
}
