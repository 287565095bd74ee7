import { join } from "node:path";
import { z } from "zod";
import { DurableFile } from "./durable-file";

const HostRecordSchema = z.strictObject({ uplink: z.string().max(64), forwardingBefore: z.enum(["0", "1"]) });
type HostRecord = z.infer<typeof HostRecordSchema>;

/** How the host's uplink was before the first gateway, so that the last one can put it back. */
export class HostRecordStore {
  readonly #file: DurableFile<HostRecord>;
  #record: HostRecord | null;

  private constructor(file: DurableFile<HostRecord>, record: HostRecord | null) {
    this.#file = file;
    this.#record = record;
  }

  static async open(stateDir: string): Promise<HostRecordStore> {
    const file = new DurableFile(join(stateDir, "host.json"), HostRecordSchema);
    return new HostRecordStore(file, await file.read());
  }

  /** Null: no gateway is there, so nothing has to be put back. */
  forwardingBefore(uplink: string): "0" | "1" | null {
    return this.#record?.uplink === uplink ? this.#record.forwardingBefore : null;
  }

  /** Written down before the first gateway is made. */
  async record(uplink: string, forwardingBefore: "0" | "1"): Promise<void> {
    if (this.forwardingBefore(uplink) === forwardingBefore) return;
    await this.#file.write({ uplink, forwardingBefore });
    this.#record = { uplink, forwardingBefore };
  }

  /** Forgotten once the uplink was seen to be as before. */
  async forget(): Promise<void> {
    if (!this.#record) return;
    await this.#file.remove();
    this.#record = null;
  }
}
