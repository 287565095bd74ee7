import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emptyAgain, raceOfWriters } from "../apps/web/src/server/testing/writers-race";
import { WayLab } from "./way-lab";

export interface WritersEnd {
  readonly rounds: number;
  /** Rounds that did not have exactly one winner, with all others told what is stored. */
  readonly wrong: number;
}

/** So many at once save on the same revision of one drawing, again and again, on the embedded database. */
export async function tryWriters({ writers, rounds, say }: { readonly writers: number; readonly rounds: number; readonly say: (line: string) => void }): Promise<WritersEnd> {
  const folder = mkdtempSync(join(tmpdir(), "torture-writers-"));
  const lab = await WayLab.start(folder);
  let wrong = 0;
  try {
    const { id } = await lab.client.topology.create.mutate({ name: "race", template: "empty" });
    let baseRevision = 1;
    for (let round = 1; round <= rounds; round += 1) {
      const { winners, losers } = await raceOfWriters([lab.client], id, { baseRevision, writers });
      if (winners !== 1 || losers !== writers - 1) {
        wrong += 1;
        say(`round ${round}: ${winners} winners, ${losers} of ${writers} told what is stored`);
      }
      baseRevision = await emptyAgain(lab.client, id);
    }
    if (baseRevision !== 1 + 2 * rounds) say(`${baseRevision - 1} revisions were made by ${2 * rounds} winners`);
    return { rounds, wrong: wrong + (baseRevision === 1 + 2 * rounds ? 0 : 1) };
  } finally {
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
