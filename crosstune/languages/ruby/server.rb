# The candidate's process: loads the candidate, then calls its functions as it is asked; see docs/values.md. Nothing here
# needs protection from the candidate: all that it can change is what it answers.
require "set"

fork if ARGV.delete("warm")

module Crosstune
  DEEPEST = 200
  MOST_BYTES = 16 << 20
  SURROGATE = /\xED[\xA0-\xBF][\x80-\xBF]/n

  class Unsendable < StandardError; end

  # Reads the values of a question.
  class Decoder
    def initialize(data) = (@data, @at = data, 0)

    attr_reader :at

    def take(count)
      @at += count
      @data.byteslice(@at - count, count)
    end

    def number = take(4).unpack1("N")
    def text = take(number).force_encoding("UTF-8")
    def items = Array.new(number) { value }

    def value
      case tag = take(1)
      when "N", "U" then nil
      when "T", "F" then tag == "T"
      when "i" then take(8).unpack1("q>")
      when "I" then large(take(number))
      when "d" then take(8).unpack1("G")
      when "c" then [number].pack("U")
      when "s" then text
      when "b" then take(number)
      when "l", "t" then items
      when "S" then items.to_set
      when "m" then number.times.to_h { [value, value] }
      else raise Unsendable, tag
      end
    end

    def large(bytes)
      value = bytes.unpack1("H*").to_i(16)
      bytes.getbyte(0) < 128 ? value : value - (1 << (8 * bytes.bytesize))
    end
  end

  module_function

  def text(value) = [value.bytesize].pack("N") + value.b

  def encoded(value, depth = 1)
    raise Unsendable if depth > DEEPEST
    case value
    when nil, true, false then { nil => "N", true => "T", false => "F" }[value]
    when Integer then whole(value)
    when Float then "d" + [value].pack("G")
    when String then string(value)
    when Array then "l" + listed(value, depth)
    when Set then "S" + listed(value.to_a, depth)
    when Hash then "m" + [value.size].pack("N") + value.flat_map { |pair| pair.map { |each| encoded(each, depth + 1) } }.join
    when Struct then record(value, depth)
    else "o" + text(value.class.to_s)
    end
  end

  def listed(values, depth) = [values.size].pack("N") + values.map { |each| encoded(each, depth + 1) }.join

  def record(value, depth)
    fields = value.members.map { |name| text(name.to_s) + encoded(value[name], depth + 1) }
    "r" + text(value.class.name.to_s) + [fields.size].pack("N") + fields.join
  end

  def whole(value)
    return "i" + [value].pack("q>") if value.bit_length < 64
    count = value.bit_length / 8 + 1
    "I" + [count].pack("N") + [format("%0#{2 * count}x", value % (1 << (8 * count)))].pack("H*")
  end

  def string(value)
    utf8 = value.encoding == Encoding::BINARY ? value : value.encode("UTF-8")
    is_text = utf8.encoding != Encoding::BINARY && (utf8.valid_encoding? || surrogates?(utf8))
    (is_text ? "s" : "b") + text(utf8)
  rescue EncodingError
    surrogates?(value) ? "s" + text(value) : "b" + text(value)
  end

  def surrogates?(value) = value.b.gsub(SURROGATE, "").force_encoding("UTF-8").valid_encoding?

  def safely(value)
    encoded(value)
  rescue Unsendable, SystemStackError
    "o" + text(value.class.to_s)
  end

  # The value that a name has: a method, or a local variable or constant that can be called.
  def callable(name)
    main = TOPLEVEL_BINDING.receiver
    return main.method(name) if main.respond_to?(name, true)
    return TOPLEVEL_BINDING.local_variable_get(name) if TOPLEVEL_BINDING.local_variable_defined?(name)
    raise NoMethodError, "the candidate has no method #{name}"
  end

  def changes(values, before)
    after = values.map { |each| safely(each) }
    changed = after.each_index.reject { |at| after[at] == before[at] }
    [changed.size].pack("N") + changed.map { |at| [at].pack("N") + after[at] }.join
  end

  def answer(question)
    decoder = Decoder.new(question)
    raise Unsendable, "only functions are called" unless decoder.take(1) == "C"
    name = decoder.text
    decoder.take(1)
    values = decoder.items
    before = values.map { |each| safely(each) }
    head = outcome { callable(name).call(*values) }
    head + changes(values, before) + text("") * 2
  end

  def outcome
    "R" + safely(yield)
  rescue StandardError, ScriptError, SystemStackError => error
    "E" + text(error.class.to_s) + text(error.message.to_s) + text(error.backtrace.to_a.first(20).join("\n"))
  end

  def load(candidate)
    $PROGRAM_NAME = "tests.rb"
    eval(candidate, TOPLEVEL_BINDING, "candidate.rb")
    nil
  rescue SyntaxError => error
    [error, "compile_error"]
  rescue SystemExit, NoMemoryError
    raise
  rescue Exception => error
    [error, "runtime_error"]
  end

  def serve
    payload = IO.for_fd(3, "rb")
    candidate = payload.read(payload.gets.to_i).force_encoding("UTF-8")
    payload.close
    $stdout.sync = true
    error, status = load(candidate)
    if status
      $stderr.write(error.full_message(highlight: false))
      IO.for_fd(4, "wb").syswrite("failed #{status}")
      exit!(1)
    end
    talk(IO.for_fd(5, "rb"), IO.for_fd(6, "wb"))
  end

  def talk(reader, writer)
    send(writer, "H\x01")
    while (size = reader.read(4))
      send(writer, answer(reader.read(size.unpack1("N"))))
    end
    exit!(0)
  end

  def send(writer, data)
    if data.bytesize > MOST_BYTES # the judge reads no more of it
      writer.syswrite([data.bytesize].pack("N"))
      exit!(1)
    end
    writer.write([data.bytesize].pack("N") + data.b)
    writer.flush
  end
end

Crosstune.serve
