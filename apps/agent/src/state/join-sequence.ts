import { join } from "node:path";
import { z } from "zod";
import { DurableFile } from "./durable-file";

const JoinSchema = z.strictObject({ seq: z.int().min(0) });

/**
 * Counts this agent's connections, `join.json`. The server counts too, so that a copy of this directory which runs elsewhere
 * is found out: both have the same number, one of them goes on with the next, and the other one comes with a number of the past.
 */
export class JoinSequence {
  readonly #file: DurableFile<z.infer<typeof JoinSchema>>;
  #seq: number;

  private constructor(file: DurableFile<z.infer<typeof JoinSchema>>, seq: number) {
    this.#file = file;
    this.#seq = seq;
  }

  static async open(stateDir: string): Promise<JoinSequence> {
    const file = new DurableFile(join(stateDir, "join.json"), JoinSchema);
    return new JoinSequence(file, (await file.read())?.seq ?? 0);
  }

  /** What the next hello says. */
  get seq(): number {
    return this.#seq;
  }

  /** On the disk when it resolves. The server skips numbers whose welcome got lost; it never goes back. */
  async keep(seq: number): Promise<void> {
    await this.#file.write({ seq });
    this.#seq = seq;
  }
}
