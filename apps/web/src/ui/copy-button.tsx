import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { IconButton } from "./icon-button";

/** Copies text and says so. The clipboard is missing on plain HTTP from another machine: then it selects nothing and says that. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [outcome, setOutcome] = useState<"idle" | "copied" | "failed">("idle");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome("copied");
    } catch {
      setOutcome("failed");
    }
  };
  return (
    <IconButton
      label={outcome === "copied" ? "Copied" : outcome === "failed" ? "The browser does not allow copying here" : label}
      icon={outcome === "copied" ? <Check className="size-4 text-ok" /> : <Copy className="size-4" />}
      onClick={() => void copy()}
      onBlur={() => setOutcome("idle")}
      className="size-7"
    />
  );
}
