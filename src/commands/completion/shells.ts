import type { DeclaredCommand, DeclaredOption } from './declared-commands.ts';

/** The script of each shell. `scan` is the default command: its options are those of a line that names no other. */
export const shells: Readonly<Record<string, (commands: readonly DeclaredCommand[]) => string>> = {
  bash: (commands) => `# hullcheck completion bash
_hullcheck() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} command=scan word words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in ${namesOf(commands).join(' | ')}) command=$word && break ;; esac
  done
  case "$command $prev" in
${casesOfValues(commands, '    ')}
  esac
  if [[ -z $words && $cur == -* ]]; then
    case $command in
${casesOfOptions(commands, '      ')}
    esac
  elif [[ -z $words && $COMP_CWORD -eq 1 ]]; then
    words='${namesOf(commands).join(' ')}'
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _hullcheck hullcheck
`,
  zsh: (commands) => `#compdef hullcheck
_hullcheck() {
  local cur=$words[CURRENT] prev=$words[CURRENT-1] command=scan word found=''
  for word in $words[2,CURRENT-1]; do
    case $word in (${namesOf(commands).join('|')}) command=$word && break ;; esac
  done
  case "$command $prev" in
${casesOfValues(commands, '    ').replaceAll('words=', 'found=')}
  esac
  if [[ -z $found && $cur == -* ]]; then
    case $command in
${casesOfOptions(commands, '      ').replaceAll('words=', 'found=')}
    esac
  elif [[ -z $found && $CURRENT -eq 2 ]]; then
    found='${namesOf(commands).join(' ')}'
  fi
  if [[ -n $found ]]; then compadd -- \${=found}; fi
  if [[ $cur != -* ]]; then _files; fi
}
compdef _hullcheck hullcheck
`,
  fish: (commands) =>
    commands
      .flatMap((command) => [
        `complete -c hullcheck -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.summary)}`,
        ...command.options.map((option) => fishOption(command, option, commands)),
      ])
      .concat('')
      .join('\n'),
};

function namesOf(commands: readonly DeclaredCommand[]): readonly string[] {
  return commands.map(({ name }) => name);
}

function casesOfValues(commands: readonly DeclaredCommand[], indent: string): string {
  return commands
    .flatMap(({ name, options }) =>
      options
        .filter(({ values }) => values.length > 0)
        .map(
          (option) =>
            `${indent}${wordsOf(option)
              .map((word) => `"${name} ${word}"`)
              .join(' | ')}) words='${option.values.join(' ')}' ;;`,
        ),
    )
    .join('\n');
}

function casesOfOptions(commands: readonly DeclaredCommand[], indent: string): string {
  return commands
    .map(({ name, options }) => {
      const words = [...options.flatMap(wordsOf), '--help', '--version'];
      return `${indent}${name}) words='${words.join(' ')}' ;;`;
    })
    .join('\n');
}

function wordsOf({ name, short }: DeclaredOption): readonly string[] {
  return [`--${name}`, ...(short === null ? [] : [`-${short}`])];
}

function fishOption(
  { name: command }: DeclaredCommand,
  { name, short, describe, takesValue, values }: DeclaredOption,
  commands: readonly DeclaredCommand[],
): string {
  const others = namesOf(commands).filter((each) => each !== 'scan');
  const when =
    command === 'scan'
      ? `not __fish_seen_subcommand_from ${others.join(' ')}`
      : `__fish_seen_subcommand_from ${command}`;
  return [
    `complete -c hullcheck -n ${quoted(when)} -l ${name}`,
    ...(short === null ? [] : [`-s ${short}`]),
    ...(takesValue ? [values.length === 0 ? '-r' : '-x'] : []),
    ...(values.length === 0 ? [] : [`-a ${quoted(values.join(' '))}`]),
    `-d ${quoted(describe)}`,
  ].join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
