/* Values of the standard library's types: see values.hpp, after which it is included. A section is for those headers that
   were included before, so this file can be included once more after further ones. */
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
CROSSTUNE_SET(std::multiset, Bag)
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
