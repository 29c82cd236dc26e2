/* How values of C++ are written and read, by their static types: see docs/values.md. A type that has no `Value` here
   is an error when it is compiled; then the tests need the candidate in their own process.

   It includes no header that a program could have forgotten: a section is for those that were included before. So it
   can be included once more after further headers. It is C++11. */
#ifndef CROSSTUNE_VALUES
#define CROSSTUNE_VALUES
#include "wire.hpp"

#include <type_traits>

namespace crosstune {

template <class Type, class Enable = void> struct Value {
  static_assert(sizeof(Type) < 0, "values of this type do not travel between processes");
};
template <class Type> void write(const Type &value) { Value<Type>::write(value); }
template <class Type> void read(Type &value) { Value<Type>::read(value); }

template <class Type> struct IsNumber { enum { yes = 0 }; };

#define CROSSTUNE_VALUE(type, put, take) \
  template <> struct Value<type> { \
    static void write(const type &value) { put; } \
    static void read(type &value) { value = static_cast<type>(take); } \
  }; \
  template <> struct IsNumber<type> { enum { yes = 1 }; };
#define CROSSTUNE_SIGNED(type, highest) CROSSTUNE_VALUE(type, put_integer(value), take_integer(-highest - 1, highest))
#define CROSSTUNE_UNSIGNED(type) CROSSTUNE_VALUE(type, put_unsigned(value), take_unsigned(static_cast<type>(-1)))
CROSSTUNE_VALUE(bool, put_tag(value ? 'T' : 'F'), take_unsigned(1))
CROSSTUNE_VALUE(char, put_character(static_cast<unsigned char>(value)), take_integer(-128, 127))
CROSSTUNE_SIGNED(signed char, __SCHAR_MAX__)
CROSSTUNE_SIGNED(short, __SHRT_MAX__)
CROSSTUNE_SIGNED(int, __INT_MAX__)
CROSSTUNE_SIGNED(long, __LONG_MAX__)
CROSSTUNE_SIGNED(long long, __LONG_LONG_MAX__)
CROSSTUNE_UNSIGNED(unsigned char)
CROSSTUNE_UNSIGNED(unsigned short)
CROSSTUNE_UNSIGNED(unsigned int)
CROSSTUNE_UNSIGNED(unsigned long)
CROSSTUNE_UNSIGNED(unsigned long long)
CROSSTUNE_VALUE(wchar_t, put_unsigned(value), take_unsigned(0x7fffffff))
CROSSTUNE_VALUE(char16_t, put_unsigned(value), take_unsigned(0xffff))
CROSSTUNE_VALUE(char32_t, put_unsigned(value), take_unsigned(0xffffffff))
CROSSTUNE_VALUE(float, put_double(value), take_double())
CROSSTUNE_VALUE(double, put_double(value), take_double())
CROSSTUNE_VALUE(long double, put_extended(value), take_extended())
#undef CROSSTUNE_VALUE
#undef CROSSTUNE_SIGNED
#undef CROSSTUNE_UNSIGNED

template <class Type> struct Value<Type, typename std::enable_if<std::is_enum<Type>::value>::type> {
  typedef typename std::underlying_type<Type>::type Number;
  static void write(const Type &value) { Value<Number>::write(static_cast<Number>(value)); }
  static void read(Type &value) {
    Number number;
    Value<Number>::read(number);
    value = static_cast<Type>(number);
  }
};

/* A text that ends with a zero. */
template <> struct Value<const char *> {
  static void write(const char *const &value) {
    if (value) put_text(value, __builtin_strlen(value));
    else put_tag('N');
  }
  static void read(const char *&value) {
    Size size;
    value = take_nothing() ? nullptr : take_kept_text(size);
  }
};
/* A pointer to one value; `why_shared` refuses those to several. */
template <class Type> struct Value<Type *> {
  static void write(Type *const &value) {
    if (value) crosstune::write(*value);
    else put_tag('N');
  }
  static void read(Type *&value) {
    if (take_nothing()) value = nullptr;
    else {
      if (!value) value = new Type();
      crosstune::read(*value);
    }
  }
};
template <class Type, Size COUNT> struct Value<Type[COUNT]> {
  static void write(const Type (&value)[COUNT]) {
    put_count('l', COUNT);
    for (Size i = 0; i < COUNT; i++) crosstune::write(value[i]);
  }
  static void read(Type (&value)[COUNT]) {
    if (take_count('l') != COUNT) malformed();
    for (Size i = 0; i < COUNT; i++) crosstune::read(value[i]);
  }
};

/* Containers by what they can do. */
template <class Items> void write_items(char tag, const Items &items) {
  put_count(tag, items.size());
  for (const auto &item : items) crosstune::write(item);
}
template <class Items> struct Sequence {
  static void write(const Items &items) { write_items('l', items); }
  static void read(Items &items) {
    items.clear();
    for (Size left = take_count('l'); left; left--) {
      items.emplace_back();
      crosstune::read(items.back());
    }
  }
};
template <class Items> struct Set {
  static void write(const Items &items) { write_items('S', items); }
  static void read(Items &items) {
    items.clear();
    for (Size left = take_count('S'); left; left--) {
      typename Items::value_type item;
      crosstune::read(item);
      items.insert(items.end(), item);
    }
  }
};
template <class Entries> struct Map {
  static void write(const Entries &entries) {
    put_count('m', entries.size());
    for (const auto &entry : entries) {
      crosstune::write(entry.first);
      crosstune::write(entry.second);
    }
  }
  static void read(Entries &entries) {
    entries.clear();
    for (Size left = take_count('m'); left; left--) {
      typename Entries::key_type key;
      typename Entries::mapped_type value;
      crosstune::read(key);
      crosstune::read(value);
      entries.insert(entries.end(), typename Entries::value_type(key, value));
    }
  }
};
/* Containers by hashes: with their buckets, and backwards, so that they have the same order on the other side. */
template <class Items> struct Unordered {
  typedef typename Items::value_type Item;
  static void write(const Items &items, char tag, void (*write_item)(const Item &)) {
    put_kind("unordered");
    put_count('t', 2);
    put_unsigned(items.bucket_count());
    put_count(tag, items.size());
    const Item **listed = new const Item *[items.size()];
    Size count = 0;
    for (const Item &item : items) listed[count++] = &item;
    while (count) write_item(*listed[--count]);
    delete[] listed;
  }
  static Size begin(Items &items, char tag) {
    if (!take_kind("unordered") || take_count('t') != 2) malformed();
    Size buckets = take_unsigned(1 << 20), count = take_count(tag);
    items.clear();
    items.rehash(buckets);
    return count;
  }
};
template <class Items> struct UnorderedSet {
  static void write(const Items &items) {
    Unordered<Items>::write(items, 'S', [](const typename Items::value_type &item) { crosstune::write(item); });
  }
  static void read(Items &items) {
    for (Size left = Unordered<Items>::begin(items, 'S'); left; left--) {
      typename Items::value_type item;
      crosstune::read(item);
      items.insert(item);
    }
  }
};
template <class Entries> struct UnorderedMap {
  static void write(const Entries &entries) {
    Unordered<Entries>::write(entries, 'm', [](const typename Entries::value_type &entry) {
      crosstune::write(entry.first);
      crosstune::write(entry.second);
    });
  }
  static void read(Entries &entries) {
    for (Size left = Unordered<Entries>::begin(entries, 'm'); left; left--) {
      typename Entries::key_type key;
      typename Entries::mapped_type value;
      crosstune::read(key);
      crosstune::read(value);
      entries.insert(typename Entries::value_type(key, value));
    }
  }
};
/* Adapters keep their container as a protected member. */
template <class Adapter> struct Inside : Adapter {
  typedef typename Adapter::container_type Container;
  static Container &of(Adapter &adapter) { return adapter.*&Inside::c; }
  static const Container &of(const Adapter &adapter) { return adapter.*&Inside::c; }
};
template <class Adapter> struct Adapted {
  static void write(const Adapter &value) { crosstune::write(Inside<Adapter>::of(value)); }
  static void read(Adapter &value) { crosstune::read(Inside<Adapter>::of(value)); }
};

/* A function of the benchmark's declaration, by its type. */
template <class Type> struct Plain {
  typedef typename std::remove_cv<typename std::remove_reference<Type>::type>::type type;
};
template <class Type> struct IsChanged { enum { yes = 0 }; };
template <class Type> struct IsChanged<Type &> { enum { yes = 1 }; };
template <class Type> struct IsChanged<const Type &> { enum { yes = 0 }; };
template <class Type> struct IsChanged<Type *> { enum { yes = 1 }; };
template <class Type> struct IsChanged<const Type *> { enum { yes = 0 }; };

template <int NUMBER, class... Types> struct Nth;
template <int NUMBER, class First, class... Rest> struct Nth<NUMBER, First, Rest...> : Nth<NUMBER - 1, Rest...> {};
template <class First, class... Rest> struct Nth<0, First, Rest...> { typedef First type; };

template <bool CHANGED> struct Changes {
  template <class Type> static void write(const Type &value, Size number, Size from, Size to) {
    Size change = begin_change(number);
    crosstune::write(value);
    end_change(change, from, to);
  }
  template <class Type> static void read(Type &value) { crosstune::read(value); }
};
template <> struct Changes<false> {
  template <class Type> static void write(const Type &, Size, Size, Size) {}
  template <class Type> static void read(Type &) { malformed(); }
};

/* The candidate's side: an argument that its server owns. */
template <class Type> struct Argument {
  typedef typename Plain<Type>::type Held;
  Held held;
  Size from, to;
  Argument() : held(), from(position()) {
    crosstune::read(held);
    to = position();
  }
  Type &&pass() { return static_cast<Type &&>(held); }
  void changed(Size number) { Changes<IsChanged<Type>::yes>::write(held, number, from, to); }
};

/* How a result is written: numbers as what they are; other types as the declared one, if the language would convert
   them. */
template <class Declared, class Result, bool NUMBERS> struct Results {
  static void write(const Result &result) { crosstune::write(result); }
};
template <class Declared, class Result> struct Results<Declared, Result, false> {
  template <class Given> static void write(Given &&given) {
    Declared declared = static_cast<Given &&>(given);
    crosstune::write(declared);
  }
};
template <class Declared> struct Results<Declared, Declared, false> {
  static void write(const Declared &result) { crosstune::write(result); }
};

/* The tests' side: arguments one after the other. */
template <class... Types> struct Arguments {
  static void write() {}
  static void read(Size) { malformed(); }
};
template <class First, class... Rest> struct Arguments<First, Rest...> {
  typedef typename Plain<First>::type Held;
  template <class... More> static void write(const Held &first, More &...more) {
    crosstune::write(first);
    Arguments<Rest...>::write(more...);
  }
  template <class... More> static void read(Size number, Held &first, More &...more) {
    if (number == 0) Changes<IsChanged<First>::yes>::read(first);
    else Arguments<Rest...>::read(number - 1, more...);
  }
  template <class... More> static void read(Size number, const Held &, More &...more) {
    if (number == 0) malformed();
    Arguments<Rest...>::read(number - 1, more...);
  }
};

template <class Result> struct Asked {
  typename Plain<Result>::type result;
  Asked() : result() {}
  void take() { crosstune::read(result); }
  Result get() { return static_cast<typename Plain<Result>::type &&>(result); }
};
template <class Result> struct Asked<Result &> {
  typename Plain<Result>::type *result;
  Asked() : result(new typename Plain<Result>::type()) {}
  void take() { crosstune::read(*result); }
  Result &get() { return *result; }
};
template <> struct Asked<void> {
  void take() {
    if (!take_nothing()) malformed();
  }
  void get() {}
};

template <class Type> struct Function;
template <class Declared, class... Types> struct Function<Declared(Types...)> {
  typedef Declared Result;
  template <int NUMBER> struct Parameter { typedef typename Nth<NUMBER, Types...>::type type; };

  template <class Given> static void answer(Given &&given) {
    typedef typename Plain<Given>::type Type;
    typedef typename Plain<Declared>::type Wanted;
    static_assert(std::is_convertible<Given, Wanted>::value, "the function does not return what it is declared to return");
    Results<Wanted, Type, IsNumber<Type>::yes && IsNumber<Wanted>::yes>::write(static_cast<Given &&>(given));
  }
  template <class... Given> static Declared ask(const char *name, Given &...given) {
    begin_question(name, sizeof...(Types));
    Arguments<Types...>::write(given...);
    Asked<Declared> asked;
    if (crosstune::ask()) asked.take();
    for (Size left = take_changes(); left; left--) Arguments<Types...>::read(take_argument(), given...);
    finish();
    return asked.get();
  }
};

}
#endif

#define CROSSTUNE_SEQUENCE(name) \
  namespace crosstune { \
  template <class Item, class Allocator> struct Value<name<Item, Allocator>> : Sequence<name<Item, Allocator>> {}; \
  }
#define CROSSTUNE_ADAPTER(name) \
  namespace crosstune { \
  template <class Item, class... More> struct Value<name<Item, More...>> : Adapted<name<Item, More...>> {}; \
  }
#define CROSSTUNE_SET(name, kind) \
  namespace crosstune { \
  template <class Item, class... More> struct Value<name<Item, More...>> : kind<name<Item, More...>> {}; \
  }
#define CROSSTUNE_MAP(name, kind) \
  namespace crosstune { \
  template <class Key, class Item, class... More> struct Value<name<Key, Item, More...>> : kind<name<Key, Item, More...>> {}; \
  }
#if defined(_BASIC_STRING_H) && !defined(CROSSTUNE_STRING)
#define CROSSTUNE_STRING
namespace crosstune {
template <> struct Value<std::string> {
  static void write(const std::string &value) { put_text(value.data(), value.size()); }
  static void read(std::string &value) {
    Size size;
    const char *data = take_text(size);
    value.assign(data, size);
  }
};
}
#endif
#if defined(_GLIBCXX_STRING_VIEW) && __cplusplus >= 201703L && !defined(CROSSTUNE_STRING_VIEW)
#define CROSSTUNE_STRING_VIEW
namespace crosstune {
template <> struct Value<std::string_view> {
  static void write(const std::string_view &value) { put_text(value.data(), value.size()); }
  static void read(std::string_view &value) {
    Size size;
    const char *data = take_kept_text(size);
    value = std::string_view(data, size);
  }
};
}
#endif
#if defined(_GLIBCXX_VECTOR) && !defined(CROSSTUNE_VECTOR)
#define CROSSTUNE_VECTOR
CROSSTUNE_SEQUENCE(std::vector)
namespace crosstune {
template <class Allocator> struct Value<std::vector<bool, Allocator>> {
  static void write(const std::vector<bool, Allocator> &value) {
    put_count('l', value.size());
    for (Size i = 0; i < value.size(); i++) crosstune::write<bool>(value[i]);
  }
  static void read(std::vector<bool, Allocator> &value) {
    value.clear();
    for (Size left = take_count('l'); left; left--) {
      bool item;
      crosstune::read(item);
      value.push_back(item);
    }
  }
};
}
#endif
#if defined(_GLIBCXX_DEQUE) && !defined(CROSSTUNE_DEQUE)
#define CROSSTUNE_DEQUE
CROSSTUNE_SEQUENCE(std::deque)
#endif
#if defined(_GLIBCXX_LIST) && !defined(CROSSTUNE_LIST)
#define CROSSTUNE_LIST
CROSSTUNE_SEQUENCE(std::list)
#endif
#if defined(_GLIBCXX_STACK) && !defined(CROSSTUNE_STACK)
#define CROSSTUNE_STACK
CROSSTUNE_ADAPTER(std::stack)
#endif
#if defined(_GLIBCXX_QUEUE) && !defined(CROSSTUNE_QUEUE)
#define CROSSTUNE_QUEUE
CROSSTUNE_ADAPTER(std::queue)
CROSSTUNE_ADAPTER(std::priority_queue)
#endif
#if defined(_GLIBCXX_SET) && !defined(CROSSTUNE_STDSET)
#define CROSSTUNE_STDSET
CROSSTUNE_SET(std::set, Set)
CROSSTUNE_SET(std::multiset, Set)
#endif
#if defined(_GLIBCXX_MAP) && !defined(CROSSTUNE_STDMAP)
#define CROSSTUNE_STDMAP
CROSSTUNE_MAP(std::map, Map)
CROSSTUNE_MAP(std::multimap, Map)
#endif
#if defined(_UNORDERED_SET_H) && !defined(CROSSTUNE_UNORDERED_SET)
#define CROSSTUNE_UNORDERED_SET
CROSSTUNE_SET(std::unordered_set, UnorderedSet)
CROSSTUNE_SET(std::unordered_multiset, UnorderedSet)
#endif
#if defined(_UNORDERED_MAP_H) && !defined(CROSSTUNE_UNORDERED_MAP)
#define CROSSTUNE_UNORDERED_MAP
CROSSTUNE_MAP(std::unordered_map, UnorderedMap)
CROSSTUNE_MAP(std::unordered_multimap, UnorderedMap)
#endif
#if defined(_STL_PAIR_H) && !defined(CROSSTUNE_PAIR)
#define CROSSTUNE_PAIR
namespace crosstune {
template <class First, class Second> struct Value<std::pair<First, Second>> {
  static void write(const std::pair<First, Second> &value) {
    put_count('t', 2);
    crosstune::write(value.first);
    crosstune::write(value.second);
  }
  static void read(std::pair<First, Second> &value) {
    if (take_count('t') != 2) malformed();
    crosstune::read(value.first);
    crosstune::read(value.second);
  }
};
}
#endif
#if defined(_GLIBCXX_ARRAY) && !defined(CROSSTUNE_ARRAY)
#define CROSSTUNE_ARRAY
namespace crosstune {
template <class Item, Size COUNT> struct Value<std::array<Item, COUNT>> {
  static void write(const std::array<Item, COUNT> &value) { write_items('l', value); }
  static void read(std::array<Item, COUNT> &value) {
    if (take_count('l') != COUNT) malformed();
    for (auto &item : value) crosstune::read(item);
  }
};
}
#endif
#if defined(_GLIBCXX_TUPLE) && !defined(CROSSTUNE_TUPLE)
#define CROSSTUNE_TUPLE
namespace crosstune {
template <Size LEFT> struct Parts {
  template <class Type> static void write(const Type &value) {
    Parts<LEFT - 1>::write(value);
    crosstune::write(std::get<LEFT - 1>(value));
  }
  template <class Type> static void read(Type &value) {
    Parts<LEFT - 1>::read(value);
    crosstune::read(std::get<LEFT - 1>(value));
  }
};
template <> struct Parts<0> {
  template <class Type> static void write(const Type &) {}
  template <class Type> static void read(Type &) {}
};
template <class... Types> struct Value<std::tuple<Types...>> {
  static void write(const std::tuple<Types...> &value) {
    put_count('t', sizeof...(Types));
    Parts<sizeof...(Types)>::write(value);
  }
  static void read(std::tuple<Types...> &value) {
    if (take_count('t') != sizeof...(Types)) malformed();
    Parts<sizeof...(Types)>::read(value);
  }
};
}
#endif
#if defined(_GLIBCXX_COMPLEX) && !defined(CROSSTUNE_COMPLEX)
#define CROSSTUNE_COMPLEX
namespace crosstune {
template <class Number> struct Value<std::complex<Number>> {
  static void write(const std::complex<Number> &value) {
    put_kind("complex");
    put_count('t', 2);
    crosstune::write(value.real());
    crosstune::write(value.imag());
  }
  static void read(std::complex<Number> &value) {
    Number real, imaginary;
    if (!take_kind("complex") || take_count('t') != 2) malformed();
    crosstune::read(real);
    crosstune::read(imaginary);
    value = std::complex<Number>(real, imaginary);
  }
};
}
#endif
#if defined(_GLIBCXX_OPTIONAL) && __cplusplus >= 201703L && !defined(CROSSTUNE_OPTIONAL)
#define CROSSTUNE_OPTIONAL
namespace crosstune {
/* An optional one in another would be the same as one alone. */
template <class Type> struct Value<std::optional<std::optional<Type>>>;
template <class Type> struct Value<std::optional<Type>> {
  static void write(const std::optional<Type> &value) {
    if (value) crosstune::write(*value);
    else put_tag('N');
  }
  static void read(std::optional<Type> &value) {
    if (take_nothing()) value.reset();
    else crosstune::read(value.emplace());
  }
};
}
#endif
#if defined(_GLIBCXX_VARIANT) && __cplusplus >= 201703L && !defined(CROSSTUNE_VARIANT)
#define CROSSTUNE_VARIANT
namespace crosstune {
template <> struct Value<std::monostate> {
  static void write(const std::monostate &) { put_tag('N'); }
  static void read(std::monostate &) {
    if (!take_nothing()) malformed();
  }
};
template <Size LEFT> struct Alternatives {
  template <class Type> static void read(Type &value, Size index) {
    if (index == LEFT - 1) crosstune::read(value.template emplace<LEFT - 1>());
    else Alternatives<LEFT - 1>::read(value, index);
  }
};
template <> struct Alternatives<0> {
  template <class Type> static void read(Type &, Size) { malformed(); }
};
template <class... Types> struct Value<std::variant<Types...>> {
  static void write(const std::variant<Types...> &value) {
    put_kind("variant");
    put_count('t', 2);
    put_unsigned(value.index());
    std::visit([](const auto &held) { crosstune::write(held); }, value);
  }
  static void read(std::variant<Types...> &value) {
    if (!take_kind("variant") || take_count('t') != 2) malformed();
    Size index = take_unsigned(sizeof...(Types) - 1);
    Alternatives<sizeof...(Types)>::read(value, index);
  }
};
}
#endif
#undef CROSSTUNE_SEQUENCE
#undef CROSSTUNE_ADAPTER
#undef CROSSTUNE_SET
#undef CROSSTUNE_MAP
