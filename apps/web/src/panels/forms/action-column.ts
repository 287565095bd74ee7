import type { Column } from "../grid/row-form";

/** Of lists that allow and deny in an order. */
export const ACTION_COLUMN: Column = {
  key: "action", label: "Action", kind: "select", widthMin: 72, options: () => [{ value: "allow", label: "Allow" }, { value: "deny", label: "Deny" }],
};

export const actionOf = (text: string | undefined): "allow" | "deny" => (text === "deny" ? "deny" : "allow");
