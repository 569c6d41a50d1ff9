import { marked } from "marked";

export function renderMarkdown(text: string): string {
  const cleaned = text.replace(/<script/gi, "&lt;script");
  return marked.parse(cleaned, { async: false });
}
