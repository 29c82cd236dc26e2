# A checker's decisions are the exit statuses 1 and 2, and Ruby ends with 1 after an exception: with 3 instead.
at_exit do
  unless $!.nil? || $!.is_a?(SystemExit)
    warn $!.full_message
    exit!(3)
  end
end
