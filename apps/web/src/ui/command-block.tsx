import { CopyButton } from "./copy-button";

/** Linux commands as a person would type them. */
export function CommandBlock({ commands, label }: { readonly commands: readonly string[]; readonly label: string }) {
  return (
    <div className="relative rounded-box border border-line bg-raised">
      <div className="absolute top-1 right-1"><CopyButton text={commands.join("\n")} label={label} /></div>
      <pre tabIndex={0} aria-label="Linux commands" className="numeric max-h-72 overflow-auto p-2 pr-10 text-xs leading-5 whitespace-pre">
        {commands.join("\n")}
      </pre>
    </div>
  );
}
