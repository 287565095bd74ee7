import { join } from "node:path";
import type { AuditHead } from "@vpclab/shared/wire/audit";
import { AUDIT_HEADS_MAX, AuditHeadSchema } from "@vpclab/shared/wire/audit";
import { z } from "zod";
import { DurableFile } from "./durable-file";

const WitnessSchema = z.strictObject({ heads: z.array(AuditHeadSchema).max(AUDIT_HEADS_MAX) });

/**
 * Ends of the server's audit log that its signed jobs have shown. Whoever can write to the server's database can write its log anew,
 * hashes and all; what is kept here contradicts it. Old ends are kept as well as the newest one, further and further apart: otherwise a log
 * that was written anew would only have to grow longer than the old one to be believed.
 */
export class AuditWitness {
  readonly #file: DurableFile<z.infer<typeof WitnessSchema>>;
  #heads: readonly AuditHead[];

  private constructor(file: DurableFile<z.infer<typeof WitnessSchema>>, heads: readonly AuditHead[]) {
    this.#file = file;
    this.#heads = heads;
  }

  static async open(stateDir: string): Promise<AuditWitness> {
    const file = new DurableFile(join(stateDir, "audit-witness.json"), WitnessSchema);
    return new AuditWitness(file, (await file.read())?.heads ?? []);
  }

  /** Oldest first. */
  get heads(): readonly AuditHead[] {
    return this.#heads;
  }

  /** On the disk when it resolves. Answers with what is wrong with the server's log; null: it goes on from what was seen before. */
  async note(head: AuditHead): Promise<string | null> {
    const last = this.#heads.at(-1);
    const same = this.#heads.find(({ sequence }) => sequence === head.sequence);
    if (same) return same.hash === head.hash ? null : `entry ${head.sequence} of the server's audit log is another than it was`;
    if (last && head.sequence < last.sequence) return `the server's audit log ends with entry ${head.sequence}, and it had ${last.sequence} before`;
    this.#heads = thinned([...this.#heads, head]);
    try {
      await this.#file.write({ heads: [...this.#heads] });
    } catch (error) {
      this.#heads = this.#heads.filter((kept) => kept !== head);
      throw error;
    }
    return null;
  }
}

/** Of these none goes. */
const NEWEST_KEPT = 16;

/** One goes when there are too many: whose place leaves the smallest gap, measured by how old it is. The very first never does. */
function thinned(heads: readonly AuditHead[]): readonly AuditHead[] {
  if (heads.length <= AUDIT_HEADS_MAX) return heads;
  const at = (i: number): number => heads[i]?.sequence ?? 0;
  const gap = (i: number): number => (at(i + 1) - at(i - 1)) / (at(heads.length - 1) - at(i));
  let least = 1;
  for (let i = 2; i < heads.length - NEWEST_KEPT; i++) if (gap(i) < gap(least)) least = i;
  return heads.filter((_, i) => i !== least);
}
