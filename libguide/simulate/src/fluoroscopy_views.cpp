// SPDX-License-Identifier: Apache-2.0
#include "fluoroscopy.hpp"
#include "xray_volume.hpp"

#include <guide/core/error.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace guide::simulate {
namespace {

bool same(const ProjectionGeometry& a, const ProjectionGeometry& b) {
    return a.source == b.source && a.first_pixel == b.first_pixel && a.right == b.right &&
           a.down == b.down && a.width == b.width && a.height == b.height;
}

}  // namespace

FluoroscopySimulator::FluoroscopySimulator(std::unique_ptr<State> state)
    : state_(std::move(state)) {
    const auto& codes = state_->volume.codes();
    std::array<bool, 256> used{};
    for (const std::uint8_t code : codes)
        used[code] = true;
    for (std::size_t code = 0; code < used.size(); ++code) {
        const auto body = std::find(kBodies.begin(), kBodies.end(),
                                    tissue_of_code(static_cast<std::uint8_t>(code)));
        if (used[code] && body != kBodies.end())
            state_->there[static_cast<std::size_t>(body - kBodies.begin())] = true;
    }
}

FluoroscopySimulator::FluoroscopySimulator(const TissueField& field, const Execution& execution,
                                           const Spongiosa& spongiosa)
    : FluoroscopySimulator(std::make_unique<State>(
          State{Projector(field.grid(), xray_codes(field, SpongyBone(spongiosa), execution))})) {}

FluoroscopySimulator::FluoroscopySimulator(const VoxelGrid& grid, const TissueSampler& sampler,
                                           const Execution& execution, const Spongiosa& spongiosa)
    : FluoroscopySimulator(std::make_unique<State>(
          State{Projector(grid, xray_codes(grid, sampler, SpongyBone(spongiosa), execution))})) {}

FluoroscopySimulator::~FluoroscopySimulator() = default;
FluoroscopySimulator::FluoroscopySimulator(FluoroscopySimulator&&) noexcept = default;
FluoroscopySimulator& FluoroscopySimulator::operator=(FluoroscopySimulator&&) noexcept = default;

void FluoroscopySimulator::set_contrast(const ContrastAgent& agent) {
    state_->spread = spread_of(state_->volume.grid(), state_->volume.codes(), agent);
    state_->agent.reset();
}

FluoroscopyView& FluoroscopySimulator::State::view_of(const ProjectionGeometry& geometry) {
    constexpr std::size_t kKept = 2;
    const auto known = std::find_if(views.begin(), views.end(), [&](const FluoroscopyView& view) {
        return same(view.geometry, geometry);
    });
    if (known != views.end()) {
        views.splice(views.begin(), views, known);
    } else {
        views.emplace_front().geometry = geometry;
        if (views.size() > kKept) views.pop_back();
    }
    return views.front();
}

void FluoroscopySimulator::State::need_materials(FluoroscopyView& view,
                                                 const Execution& execution) {
    if (view.water.size() > 0) return;
    const auto project = [&](float MaterialShare::*member) {
        Image<float> way(view.geometry.width, view.geometry.height);
        volume.project(view.geometry, code_values([member](std::uint8_t code) {
                           return materials_of_code(code).*member;
                       }),
                       way.view(), execution);
        return way;
    };
    view.bone = project(&MaterialShare::bone);
    if (there.back()) view.contrast = project(&MaterialShare::contrast);
    view.water = project(&MaterialShare::water);  // last: says that all are there
}

void FluoroscopySimulator::State::need_bodies(FluoroscopyView& view, const Execution& execution) {
    if (view.bodies.back().size() > 0) return;
    for (std::size_t b = 0; b < kBodies.size(); ++b) {
        Image<float> way(view.geometry.width, view.geometry.height, 0.0F);
        if (there[b]) {
            volume.project(view.geometry, code_values([b](std::uint8_t code) {
                               return tissue_of_code(code) == kBodies[b] ? 1 : 0;
                           }),
                           way.view(), execution);
        }
        view.bodies[b] = std::move(way);
    }
}

const FluoroscopySimulator::State::Agent* FluoroscopySimulator::State::agent_after(
    double ml, const ProjectionGeometry& geometry, const Execution& execution) {
    if (!spread || ml <= 0) return nullptr;
    if (agent && agent->injected_ml == ml && same(agent->geometry, geometry)) return &*agent;
    agent.reset();
    Agent made;
    made.injected_ml = ml;
    made.geometry = geometry;
    std::vector<float> shares = spread->shares_after(ml);
    const double voxel_ml = std::abs(spread->grid.patient_from_grid.linear().determinant()) / 1000;
    std::vector<float> displaced(shares.size());
    for (std::size_t i = 0; i < shares.size(); ++i) {
        made.shown_ml += voxel_ml * static_cast<double>(shares[i]);
        displaced[i] = shares[i] * spread->water[i];
    }
    const auto project = [&](std::vector<float> values) {
        Image<float> way(geometry.width, geometry.height);
        Projector projector(spread->grid, std::move(values));
        projector.project(geometry, way.view(), execution);
        return way;
    };
    made.way = project(std::move(shares));
    made.displaced = project(std::move(displaced));
    agent = std::move(made);
    return &*agent;
}

}  // namespace guide::simulate
