import { writeTopologyFile } from "@vpclab/shared/file/write-topology-file";
import { previewContext } from "@vpclab/shared/plan/describe";
import { SCRIPT_UPLINK, shellScript } from "@vpclab/shared/plan/shell-script";
import { terraformText } from "@vpclab/shared/terraform/terraform-text";
import { yamlText } from "@vpclab/shared/text/topology-text";
import type { EditorState } from "../canvas/state/editor-store";
import { topologyText } from "./topology-file";

export type Exported = Pick<EditorState, "topologyId" | "name" | "document" | "layout">;

export interface ExportFormat {
  readonly label: string;
  /** After the topology's name. */
  readonly ending: string;
  readonly type: string;
  readonly text: (topology: Exported) => string;
}

export const EXPORT_FORMATS: readonly ExportFormat[] = [
  { label: "JSON", ending: ".vpclab.json", type: "application/json", text: ({ name, document, layout }) => topologyText({ name, document, layout }) },
  { label: "YAML", ending: ".yaml", type: "application/yaml", text: ({ name, document }) => yamlText(writeTopologyFile(document, name)) },
  { label: "Terraform", ending: ".tf", type: "text/plain", text: ({ name, document }) => terraformText(document, name) },
  { label: "shell script", ending: ".sh", type: "application/x-sh", text: scriptOf },
];

/** For a host of its own, which has no pool of public addresses. */
function scriptOf({ topologyId, name, document }: Exported): string {
  const context = previewContext(document, { id: topologyId, name }, false);
  return shellScript(document, { ...context, host: { ...context.host, uplink: SCRIPT_UPLINK } });
}
