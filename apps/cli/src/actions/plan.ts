import type { Action } from "../command-spec";
import { editedDocument } from "../lab/edited-document";
import { printPlan } from "../output/print-plan";
import { documentOf } from "../run-edit";
import { givenFile } from "./topology-file";

export const plan: Action = async (session, given) => {
  const path = given.option("file");
  const file = path === null ? null : await givenFile(session, path);
  const { topology, out } = file?.session ?? session;
  const lab = await session.lab();
  const drawing = await documentOf(lab, topology, file !== null);
  const preview = await lab.plan(topology, file ? editedDocument(drawing, file.edit) : drawing);
  out.value({ topology, plan: preview });
  printPlan(preview, out);
};
