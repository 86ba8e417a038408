/** GitHub and GitLab show its title alone until a reader opens it. */
export function opened(title: string): string {
  return `<details><summary>${title}</summary>\n\n`;
}

export const closed = '\n</details>\n\n';
