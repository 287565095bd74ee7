import type { Action } from "../command-spec";
import { EXIT } from "../exit-code";
import { editedDocument } from "../lab/edited-document";
import { changedObjects } from "../output/changed-objects";
import { changeLine } from "../output/print-change";
import { printPlan } from "../output/print-plan";
import { styled } from "../output/text";
import { documentOf } from "../run-edit";
import { givenFile } from "./topology-file";

/** The file against the drawing, then the drawing against what the host holds. */
export const diff: Action = async (session, given) => {
  const path = given.option("file");
  const file = path === null ? null : await givenFile(session, path);
  const { topology, out } = file?.session ?? session;
  const lab = await session.lab();
  const drawing = await documentOf(lab, topology, file !== null);
  const changed = file ? changedObjects({ before: drawing, after: editedDocument(drawing, file.edit), deployment: null }) : [];
  const held = await lab.plan(topology, drawing);
  const differs = changed.length > 0 || held.changes.length > 0;
  out.value({ topology, differs, file: file ? changed : null, host: held });
  const header = (from: string, to: string) => {
    out.line(styled("red", `--- ${from}`));
    out.line(styled("green", `+++ ${to}`));
  };
  if (file && changed.length > 0) {
    header(`drawing of “${topology}”`, file.source.name);
    for (const object of changed) out.line(changeLine(object));
  }
  if (held.changes.length > 0) {
    header(`held by the host`, `drawing of “${topology}”`);
    printPlan(held, out);
  }
  return differs ? EXIT.failed : EXIT.ok;
};
