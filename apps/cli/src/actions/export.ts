import { rename, stat, unlink, writeFile } from "node:fs/promises";
import { AppError } from "@vpclab/shared/errors/app-error";
import { writeTopologyFile } from "@vpclab/shared/file/write-topology-file";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { Action } from "../command-spec";
import { random } from "../edits/edit";
import { readSource, STDIN } from "../file/read-source";
import { isJson } from "@vpclab/shared/text/read-topology-text";
import { jsonText, yamlText } from "@vpclab/shared/text/topology-text";
import { updateTopologyText } from "@vpclab/shared/text/update-topology-text";

export const exportFile: Action = async (session, given) => {
  const path = given.either(0, "file");
  const { out, topology } = session;
  const { document } = await (await session.lab()).read(topology);
  if (path === null || path === STDIN) {
    const value = writeTopologyFile(document, topology);
    out.value(value);
    if (!out.json) out.raw(yamlText(value));
    return;
  }
  const { text, before, kept } = await textFor(path, document, topology);
  const written = text !== before;
  if (session.options.dryRun) out.raw(text);
  else if (written) await replaceFile(path, text);
  if (!session.options.dryRun) {
    out.value({ topology, file: path, written, kept });
    out.done(written ? `${path} written` : `${path} says so already`);
  }
  if (!kept && before !== null) out.note(`${path} could not be read as a topology file; its content was replaced.`);
};

/** The text for the file; `before` null where there is none yet. */
async function textFor(path: string, document: Topology, name: string): Promise<{ text: string; before: string | null; kept: boolean }> {
  const about = await stat(path).catch(() => null);
  if (!about) {
    const value = writeTopologyFile(document, name);
    return { text: isJson({ name: path }) ? jsonText(value) : yamlText(value), before: null, kept: true };
  }
  const source = await readSource(path);
  return { ...updateTopologyText(source, document, name, random), before: source.text };
}

/** Whole or not at all: nobody reads half a file. */
async function replaceFile(path: string, text: string): Promise<void> {
  const mode = (await stat(path).catch(() => null))?.mode;
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, text, { flag: "wx", mode: mode === undefined ? 0o644 : mode & 0o777 });
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw new AppError("SCHEMA", `Cannot write ${path}: ${(error as NodeJS.ErrnoException).code ?? "unknown reason"}.`, { cause: error });
  }
}
