# Runs a candidate and its tests inside the sandbox; see __init__.py and `_shared/scripts/interpreter.py`.
require "set"
require "strscan"
require "zlib"

WARM = ARGV.delete("warm")
ARGV.each { |library| require library }
fork if WARM

module Crosstune
  # What decides in tests: these definitions hold again when the tests begin, and still when they have ended.
  BUILT_IN = [BasicObject, Object, Kernel, Comparable, Module, Integer, Float, String, Symbol, Array, Hash, Range, Set,
              NilClass, TrueClass, FalseClass, Proc, Method, Exception]
  DECIDING = %i[== != ! === eql? equal? <=> < > <= >= abs - raise fail abort nil? is_a? kind_of? instance_of? method
                to_s inspect include? empty? length size any? all? sort coerce]
  EQUALITIES = %i[== != === eql? equal? <=>]
  STATE = { wrapping: false, tested: [] }

  # The definitions of methods in modules, by module and name; nil where a module has none of its own.
  def self.definitions(modules, names)
    modules.to_h { |each| [each, names.to_h { |name| [name, own(each, name)] }] }
  end

  def self.own(owner, name)
    return nil unless owner.method_defined?(name, false) || owner.private_method_defined?(name, false)
    owner.instance_method(name)
  end

  def self.changed(definitions)
    definitions.flat_map do |owner, methods|
      methods.filter_map { |name, saved| [owner, name, saved] unless own(owner, name) == saved }
    end
  end

  def self.restore(definitions)
    changed(definitions).each do |owner, name, saved|
      saved ? owner.send(:define_method, name, saved) : owner.send(:remove_method, name)
    end
  end

  # An object of the candidate's equals no number, text or collection: not even if it says so.
  def self.plain?(value)
    case value
    when Integer, Float, String, Symbol, Array, Hash, Range, Set, nil, true, false then true
    else false
    end
  end

  def self.strict(owner, name, judge = self)
    original = owner.instance_method(name)
    differs = name == :!=
    STATE[:wrapping] = true
    owner.send(:define_method, name) do |*values|
      judge.plain?(values[0]) && !judge.plain?(self) ? differs : original.bind_call(self, *values)
    end
  ensure
    STATE[:wrapping] = false
  end

  def self.defined(owner, name)
    return if STATE[:wrapping] || !EQUALITIES.include?(name) || BUILT_IN.include?(owner)
    strict(owner, name) unless owner.name && STATE[:tested].include?(owner.name[/\w+\z/])
  end

  # Sees every definition from now on; classes that are among the ``tested`` may be equal to anything.
  def self.watch(tested, judge = self)
    STATE[:tested] = tested
    Module.prepend(Module.new { define_method(:method_added) { |name| (super(name); judge.defined(self, name)) } })
    singleton_class = Kernel.instance_method(:singleton_class)
    BasicObject.send(:define_method, :singleton_method_added) do |name|
      judge.defined(singleton_class.bind_call(self), name)
    end
  end

  def self.status(error, tests)
    first = error.backtrace&.first.to_s
    case error
    when SyntaxError then first.start_with?("candidate.rb", tests) ? "runtime_error" : "compile_error"
    when Errno::ENOSPC, Errno::EFBIG then "disk_limit"
    when Errno::EAGAIN, ThreadError then "process_limit"
    when SystemExit then "incomplete"
    when RuntimeError then first.start_with?(tests) ? "wrong_answer" : "runtime_error"
    else error.class.name.to_s.match?(/Assertion/) ? "wrong_answer" : "runtime_error"
    end
  end

  def self.show(error)
    $stderr.write(error.full_message(highlight: false))
  rescue Exception
    $stderr.write("the program raised something that cannot be shown\n")
  end

  # Tests of test-unit and minitest are classes, which are run at the end.
  def self.run_classes
    if defined?(::Test::Unit::AutoRunner) && ::Test::Unit::AutoRunner.need_auto_run?
      ::Test::Unit::AutoRunner.need_auto_run = false
      return ::Test::Unit::AutoRunner.run
    end
    return ::Minitest.run([]) if defined?(::Minitest::Runnable) && ::Minitest::Runnable.runnables.any? { |each| each.runnable_methods.any? }
    true
  end

  def self.read(payload)
    payload.read(payload.gets.to_i)
  end

  # No block of this method sees the nonce, and nothing keeps it but these variables.
  def self.judge
    payload = IO.for_fd(3, "rb")
    report = IO.for_fd(4, "wb")
    report.sync = $stdout.sync = true
    leave = Process.method(:exit!)
    masked = read(payload).to_i(16)
    mask = Random.urandom(16).unpack1("H*").to_i(16)
    masked ^= mask
    candidate = read(payload).force_encoding("UTF-8")
    tests = read(payload).force_encoding("UTF-8")
    payload.close
    failure = run(candidate, Zlib.deflate(tests), tests)
    report.syswrite(failure ? "failed #{failure}" : format("passed %032x", masked ^ mask))
    leave.call(failure ? 1 : 0)
  end

  # The status of what failed; nil if the tests have passed.
  def self.run(candidate, packed, tests)
    path = "tests-#{Random.urandom(8).unpack1("H*")}.rb"
    compiled = RubyVM::InstructionSequence.compile(tests, path, path)
    modules = BUILT_IN + (defined?(::Test::Unit::Assertions) ? [::Test::Unit::Assertions, ::Test::Unit::TestCase] : [])
    saved = modules.to_h { |each| [each, definitions([each], names_of(each))[each]] }
    names = found(tests, /^def ([a-z_]\w*[?!]?)/)
    watch(found(tests, /\b([A-Z]\w*)/))
    tests.clear
    $PROGRAM_NAME = path
    failure = attempt(path) { eval(candidate, TOPLEVEL_BINDING, "candidate.rb") }
    candidate.clear
    return failure if failure
    restore(saved)
    locals = TOPLEVEL_BINDING.local_variables.any?
    passed = true
    failure = attempt(path) do
      locals ? eval(Zlib.inflate(packed).force_encoding("UTF-8"), TOPLEVEL_BINDING, path) : compiled.eval
      passed = run_classes
    end
    failure || (passed && changed(saved).empty? && owned?(names, path) ? nil : "wrong_answer")
  end

  # What a pattern captures. A match would keep a copy of the text, which candidates could find; a scanner does not.
  def self.found(text, pattern)
    scanner = StringScanner.new(text)
    all = []
    all << scanner[1] while scanner.skip_until(pattern)
    scanner.string = ""
    all
  end

  # Whether what the tests call is what they have defined.
  def self.owned?(names, path)
    main = TOPLEVEL_BINDING.receiver
    names.all? { |name| !main.respond_to?(name, true) || main.method(name).source_location&.first == path }
  end

  def self.names_of(owner)
    BUILT_IN.include?(owner) ? DECIDING : owner.public_instance_methods(false)
  end

  def self.attempt(path)
    yield
    nil
  rescue Exception => error
    show(error)
    status(error, path)
  end
end

# No candidate can name or change it.
Object.send(:remove_const, :Crosstune).freeze.judge
