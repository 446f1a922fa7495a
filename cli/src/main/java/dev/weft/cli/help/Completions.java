package dev.weft.cli.help;

import dev.weft.cli.options.Kind;
import dev.weft.cli.options.Option;
import java.util.ArrayList;
import java.util.List;

/** Scripts that complete the options of fetch in a shell, and their values where these are words or files. Pure. */
public final class Completions {
    private Completions() {}

    /**
     * The script for a shell.
     *
     * @param shell {@code bash}, {@code zsh} or {@code fish}
     * @throws IllegalArgumentException if it is another
     */
    public static String of(String shell) {
        return switch (shell) {
            case "bash" -> bash();
            case "zsh" -> zsh();
            case "fish" -> fish();
            default -> throw new IllegalArgumentException("no completions for " + shell);
        };
    }

    /** For bash 3.2 and later; needs nothing of the package bash-completion. */
    private static String bash() {
        StringBuilder values = new StringBuilder();
        List<String> files = new ArrayList<>();
        List<String> directories = new ArrayList<>();
        List<String> others = new ArrayList<>();
        List<String> all = new ArrayList<>();
        for (Option option : Option.values()) {
            all.addAll(option.names());
            List<String> words = option.words();
            if (!words.isEmpty()) {
                values.append("    ").append(String.join("|", option.names())).append(") _fetch_reply -W '");
                values.append(String.join(" ", words)).append("'; return ;;\n");
            } else if (!option.isFlag()) {
                boolean directory = option.kind() == Kind.DIRECTORY;
                (option.isFile() ? files : directory ? directories : others).addAll(option.names());
            }
        }
        return """
                # bash completion for fetch; made from its options: fetch --completion bash
                _fetch_reply() {
                  local word
                  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen "$@" -- "$cur")
                }

                _fetch() {
                  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
                  COMPREPLY=()
                  # In --name=value the = is a word of its own.
                  if [[ $cur == = ]]; then
                    cur=
                  elif [[ $prev == = && $COMP_CWORD -ge 2 ]]; then
                    prev=${COMP_WORDS[COMP_CWORD - 2]}
                  fi
                  case $prev in
                %s    %s) compopt -o filenames 2>/dev/null; _fetch_reply -f; return ;;
                    %s) compopt -o filenames 2>/dev/null; _fetch_reply -d; return ;;
                    %s) return ;;
                  esac
                  [[ $cur == -* ]] && _fetch_reply -W '%s'
                  return 0
                }

                complete -F _fetch fetch
                """.formatted(
                        values,
                        String.join("|", files),
                        String.join("|", directories),
                        String.join("|", others),
                        String.join(" ", all));
    }

    private static String zsh() {
        StringBuilder script = new StringBuilder("""
                #compdef fetch
                # zsh completion for fetch; made from its options: fetch --completion zsh

                _arguments -s -S \\
                """);
        for (Option option : Option.values()) {
            String value = zshValue(option);
            for (String name : option.names()) {
                boolean many = option.isRepeatable();
                String others = many ? "*" : "(" + String.join(" ", option.names()) + ")";
                String joint = option.isFlag() ? "" : name.startsWith("--") ? "=" : "+";
                String text = quoted(Help.summary(option))
                        .replace("[", "\\[")
                        .replace("]", "\\]")
                        .replace(":", "\\:");
                script.append("  '")
                        .append(others)
                        .append(name)
                        .append(joint)
                        .append('[')
                        .append(text)
                        .append(']');
                script.append(value).append("' \\\n");
            }
        }
        return script.append("  '*:URL:_urls'\n").toString();
    }

    private static String zshValue(Option option) {
        if (option.isFlag()) {
            return "";
        }
        String label = quoted(option.label()).replace(":", "\\:");
        String start = (option.isValueOptional() ? "::" : ":") + label + ":";
        if (!option.words().isEmpty()) {
            return start + "(" + String.join(" ", option.words()) + ")";
        }
        if (option.kind() == Kind.DIRECTORY) {
            return start + "_files -/";
        }
        return start + (option.isFile() ? "_files" : " ");
    }

    /** In single quotes. */
    private static String quoted(String text) {
        return text.replace("'", "'\\''");
    }

    private static String fish() {
        StringBuilder script = new StringBuilder("""
                # fish completion for fetch; made from its options: fetch --completion fish
                complete -c fetch -f
                """);
        for (Option option : Option.values()) {
            script.append("complete -c fetch");
            for (String name : option.names()) {
                script.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
            }
            if (!option.words().isEmpty()) {
                script.append(" -x -a '")
                        .append(String.join(" ", option.words()))
                        .append('\'');
            } else if (option.kind() == Kind.DIRECTORY) {
                script.append(" -x -a '(__fish_complete_directories)'");
            } else if (option.isFile()) {
                script.append(" -r -F");
            } else if (!option.isFlag()) {
                script.append(" -x");
            }
            String text = Help.summary(option).replace("\\", "\\\\").replace("'", "\\'");
            script.append(" -d '").append(text).append("'\n");
        }
        return script.toString();
    }
}
